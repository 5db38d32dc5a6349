import type { Host, HostList } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Dialog, DialogBody } from '../ui/dialog.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { CompareDialog } from './compare-dialog.tsx';
import { EnrolDialog } from './enrol-dialog.tsx';
import { type HostTask, hostQuery } from './host-queries.ts';
import { RevokeDialog } from './revoke-dialog.tsx';

export interface HostDialogProps {
  host: Host;
  enrolment: HostList['enrolment'];
  onClose: () => void;
}

const dialogs = { enrol: EnrolDialog, compare: CompareDialog, revoke: RevokeDialog };

interface OpenDialogProps extends Omit<HostDialogProps, 'host'> {
  instanceId: string;
  task: HostTask;
}

/** The dialog that the address names, about its host as it is now. */
export function HostDialog({ instanceId, task, enrolment, onClose }: OpenDialogProps) {
  const { t } = useTranslation();
  const { data: host, error, refetch } = useQuery(hostQuery(instanceId));
  if (host) {
    const Task = dialogs[task];
    return <Task host={host} enrolment={enrolment} onClose={onClose} />;
  }
  return (
    <Dialog title={t(`hosts.task.${task}`)} testId={`${task}-dialog`} onClose={onClose}>
      <DialogBody>
        {error ? <FailureNotice error={error} onRetry={refetch} /> : <Skeleton rows={3} />}
      </DialogBody>
    </Dialog>
  );
}
