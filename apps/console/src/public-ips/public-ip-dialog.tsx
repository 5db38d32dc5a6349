import type { Instance } from '@moru/types';
import { lazy, Suspense } from 'react';

const dialogs = {
  connect: lazy(() => import('./connect-dialog.tsx').then((module) => ({ default: module.ConnectDialog }))),
  disconnect: lazy(() =>
    import('./disconnect-dialog.tsx').then((module) => ({ default: module.DisconnectDialog })),
  ),
};

interface PublicIpDialogProps {
  kind: keyof typeof dialogs;
  instance: Instance;
  /** the interface that it was opened for; absent: chosen in the dialog */
  nicId?: string;
  onClose: () => void;
}

/** 「Public IP 연결 설정」 or 「Public IP 연결 해제」, each fetched when it is first opened. */
export function PublicIpDialog({ kind, ...props }: PublicIpDialogProps) {
  const Dialog = dialogs[kind];
  return (
    <Suspense fallback={null}>
      <Dialog {...props} />
    </Suspense>
  );
}
