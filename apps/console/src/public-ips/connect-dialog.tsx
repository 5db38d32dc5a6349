import type { ConnectPublicIp, Instance, NetworkInterface, PublicIp } from '@moru/types';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Attempt } from '../http/attempt.ts';
import { instanceQuery } from '../instances/instance-queries.ts';
import { InstanceStatus } from '../instances/instance-status.tsx';
import { Address } from '../ui/address.tsx';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Dialog, DialogBody } from '../ui/dialog.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { Icon } from '../ui/icon.tsx';
import { showToast } from '../ui/toast.ts';
import { rereadPublicIps, showConnected } from './attachments.ts';
import { ConnectWarnings } from './connect-warnings.tsx';
import { InterfaceChoice, usableInterface } from './interface-choice.tsx';
import { type AddressChoice, PublicIpChoice } from './public-ip-choice.tsx';
import { connectPublicIp } from './public-ip-queries.ts';
import { watchAttachment } from './watch-attachment.ts';

interface ConnectDialogProps {
  instance: Instance;
  /** preselects an interface; absent: the primary one, or the first that is free */
  nicId?: string;
  /** an address that is chosen from the start */
  publicIp?: PublicIp;
  onClose: () => void;
}

/** 「Public IP 연결 설정」. */
export function ConnectDialog({ instance: opened, nicId, publicIp, onClose }: ConnectDialogProps) {
  const { t } = useTranslation();
  // fresh facts: the row that opened this may be ten seconds old
  const { data: instance = opened } = useQuery({ ...instanceQuery(opened.id), initialData: opened });
  const [chosenNic, setChosenNic] = useState(nicId ?? null);
  const [choice, setChoice] = useState<AddressChoice>(
    publicIp ? { mode: 'held', publicIp } : { mode: 'new' },
  );
  const nic =
    instance.networkInterfaces.find((candidate) => candidate.id === chosenNic) ?? usableInterface(instance);
  const connect = useConnect(instance, onClose);
  const complete = nic && usable(nic) && (choice.mode === 'new' || choice.publicIp !== null);
  return (
    <Dialog
      title={t('connect.title')}
      testId="connect-dialog"
      onClose={onClose}
      note={
        <p className="flex items-start gap-1.5">
          <Icon name="info" className="mt-px" />
          {t('connect.billing')}
        </p>
      }
      actions={
        <>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
          <Button
            look="primary"
            isPending={connect.isPending}
            reasonAt="above-end"
            reason={
              complete ? null : t(nic && usable(nic) ? 'connect.chooseAddress' : 'connect.chooseInterface')
            }
            onPress={() => nic && connect.mutate({ nic, choice: sent(choice) })}
          >
            {t('connect.submit')}
          </Button>
        </>
      }
    >
      <DialogBody>
        <Facts>
          <Fact label={t('instances.title')}>
            <b>{instance.name}</b>
          </Fact>
          <Fact label={t('instances.status')}>
            <InstanceStatus instance={instance} t={t} />
          </Fact>
          <Fact label={t('instances.privateIp')}>
            {nic?.privateIp ? <Address>{nic.privateIp}</Address> : t('common.none')}
          </Fact>
          <Fact label={t('instances.id')}>
            <Address className="truncate">{instance.id}</Address>
            <CopyButton text={instance.id} label={t('instances.id')} />
          </Fact>
        </Facts>
        <InterfaceChoice instance={instance} value={nic?.id ?? null} onChange={setChosenNic} />
        <PublicIpChoice value={choice} onChange={setChoice} />
        {nic && <ConnectWarnings instance={instance} nic={nic} onLeave={onClose} />}
        {connect.error && <FailureNotice error={connect.error} />}
      </DialogBody>
    </Dialog>
  );
}

function usable(nic: NetworkInterface): boolean {
  return nic.publicIp === null;
}

function sent(choice: AddressChoice): ConnectPublicIp {
  if (choice.mode === 'new' || choice.publicIp === null) return { mode: 'new' };
  const { id: publicIpId, attachedTo } = choice.publicIp;
  if (attachedTo === null) return { mode: 'existing', publicIpId };
  return { mode: 'move', publicIpId, fromNetworkInterfaceId: attachedTo.networkInterfaceId };
}

function useConnect(instance: Instance, onStarted: () => void) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [attempt] = useState(() => new Attempt());
  return useMutation({
    mutationFn: ({ nic, choice }: { nic: NetworkInterface; choice: ConnectPublicIp }) =>
      connectPublicIp(instance.id, nic.id, choice, attempt),
    onSuccess: ({ publicIp }, { nic }) => {
      showConnected(queries, { instanceId: instance.id, nicId: nic.id }, publicIp);
      onStarted();
      const about = {
        code: `${publicIp.address} → ${instance.name} ${nic.device}`,
        topic: publicIp.id,
      };
      showToast({ tone: 'changing', title: t('connect.started'), ...about });
      void watchAttachment(queries, instance.id, nic.id).then((outcome) => {
        if (outcome === 'connected') showToast({ title: t('connect.done'), ...about });
        else showToast({ tone: 'bad', title: t(`connect.${outcome}`), ...about });
        return rereadPublicIps(queries, instance.id);
      });
    },
    // also after a failure: what is known of the address may have changed all the same
    onSettled: () => rereadPublicIps(queries, instance.id),
  });
}
