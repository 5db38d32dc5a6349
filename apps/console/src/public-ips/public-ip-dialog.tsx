import type { Instance, PublicIp } from '@moru/types';
import { onDemand } from '../ui/on-demand.tsx';

const dialogs = {
  connect: onDemand(() => import('./connect-dialog.tsx').then((module) => module.ConnectDialog)),
  disconnect: onDemand(() => import('./disconnect-dialog.tsx').then((module) => module.DisconnectDialog)),
};

interface PublicIpDialogProps {
  kind: keyof typeof dialogs;
  instance: Instance;
  /** the interface that it was opened for; absent: chosen in the dialog */
  nicId?: string;
  /** an address that is chosen from the start; for `connect` */
  publicIp?: PublicIp;
  onClose: () => void;
}

/** 「Public IP 연결 설정」 or 「Public IP 연결 해제」, each fetched when it is first opened. */
export function PublicIpDialog({ kind, ...props }: PublicIpDialogProps) {
  const Dialog = dialogs[kind];
  return <Dialog {...props} />;
}
