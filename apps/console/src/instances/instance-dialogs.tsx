import type { Instance } from '@moru/types';
import type { ComponentType } from 'react';
import { openWords } from '../i18n/setup.ts';
import { PublicIpDialog } from '../public-ips/public-ip-dialog.tsx';
import { onDemand } from '../ui/on-demand.tsx';
import type { InstanceDialog } from './use-instance-actions.ts';

type DialogProps = { instance: Instance; onClose: () => void };

/** A dialog whose code and words are fetched when it is first opened. */
function later<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  return onDemand(async () => {
    const [component] = await Promise.all([load(), openWords('lifecycle')]);
    return component;
  });
}

const PowerDialog = later(() => import('./lifecycle/power-dialog.tsx').then((module) => module.PowerDialog));
const others = {
  rename: later<DialogProps>(() =>
    import('./lifecycle/rename-dialog.tsx').then((module) => module.RenameDialog),
  ),
  rebuild: later<DialogProps>(() =>
    import('./lifecycle/rebuild-dialog.tsx').then((module) => module.RebuildDialog),
  ),
  delete: later<DialogProps>(() =>
    import('./lifecycle/delete-dialog.tsx').then((module) => module.DeleteDialog),
  ),
};

interface InstanceDialogsProps extends DialogProps {
  kind: InstanceDialog;
}

/** What a menu of an instance opens. */
export function InstanceDialogs({ kind, ...props }: InstanceDialogsProps) {
  if (kind === 'connect' || kind === 'disconnect') return <PublicIpDialog kind={kind} {...props} />;
  if (kind === 'start' || kind === 'stop' || kind === 'hardReboot') {
    return <PowerDialog kind={kind} {...props} />;
  }
  const Dialog = others[kind];
  return <Dialog {...props} />;
}
