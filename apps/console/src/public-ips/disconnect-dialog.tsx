import type { Instance, NetworkInterface } from '@moru/types';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type FailureCode, RequestError } from '../http/request-error.ts';
import { instanceQuery } from '../instances/instance-queries.ts';
import { Address } from '../ui/address.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Dialog, DialogBody } from '../ui/dialog.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { RadioList, RadioRow } from '../ui/radio-list.tsx';
import { showToast } from '../ui/toast.ts';
import { rereadPublicIps, showDisconnected } from './attachments.ts';
import { DisconnectConsequences } from './disconnect-consequences.tsx';
import { disconnectPublicIp } from './public-ip-queries.ts';

interface DisconnectDialogProps {
  instance: Instance;
  nicId?: string;
  onClose: () => void;
}

type ConnectedInterface = NetworkInterface & { publicIp: NonNullable<NetworkInterface['publicIp']> };

function isConnected(nic: NetworkInterface): nic is ConnectedInterface {
  return nic.publicIp !== null && nic.publicIp.status !== 'attaching';
}

function failedWith(error: unknown, code: FailureCode): boolean {
  return error instanceof RequestError && error.code === code;
}

/** 「Public IP 연결 해제」. */
export function DisconnectDialog({ instance, nicId, onClose }: DisconnectDialogProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  // what is being disconnected stays in sight while the row behind already shows that it is gone
  const [connected, setConnected] = useState(() => instance.networkInterfaces.filter(isConnected));
  const [chosen, setChosen] = useState(nicId ?? connected[0]?.id ?? null);
  const [deletes, setDeletes] = useState(false);
  const nic = connected.find((candidate) => candidate.id === chosen);
  const query = instanceQuery(instance.id);
  const { data: fresh = instance } = useQuery({ ...query, initialData: instance });
  const disconnect = useMutation({
    mutationFn: (target: ConnectedInterface) =>
      disconnectPublicIp(instance.id, target.id, {
        publicIpId: target.publicIp.id,
        deletePublicIp: deletes,
      }),
    onSuccess: (result, { id: nicId, publicIp }) => {
      showDisconnected(queries, { instanceId: instance.id, nicId }, publicIp.id, result.deleted);
      onClose();
      showToast({
        title: t(result.deleted ? 'disconnect.doneDeleted' : 'disconnect.doneKept'),
        code: result.address,
      });
    },
    onSettled: async (_result, error) => {
      await rereadPublicIps(queries, instance.id);
      if (!failedWith(error, 'publicIp.changed')) return;
      // another address is there now: it is shown, and what becomes of it is decided anew
      const current = queries.getQueryData(query.queryKey) ?? instance;
      setConnected(current.networkInterfaces.filter(isConnected));
      setDeletes(false);
    },
  });
  const nothingLeft = !nic || failedWith(disconnect.error, 'publicIp.detachedNotDeleted');
  return (
    <Dialog
      title={t('disconnect.title')}
      role="alertdialog"
      testId="disconnect-dialog"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose} autoFocus>
            {t(nothingLeft ? 'common.close' : 'common.cancel')}
          </Button>
          {!nothingLeft && (
            <Button look="bad" isPending={disconnect.isPending} onPress={() => disconnect.mutate(nic)}>
              {t('disconnect.submit')}
            </Button>
          )}
        </>
      }
    >
      <DialogBody>
        {connected.length > 1 && (
          <RadioList
            label={t('disconnect.which')}
            value={chosen}
            onChange={setChosen}
            testId="address-choice"
          >
            {connected.map((candidate) => (
              <RadioRow key={candidate.id} value={candidate.id} dataId={candidate.id}>
                <b>{candidate.device}</b>
                <Address>{candidate.publicIp.address}</Address>
              </RadioRow>
            ))}
          </RadioList>
        )}
        {nic && (
          <>
            <Facts>
              <Fact label={t('instances.title')}>
                <b>{instance.name}</b>
              </Fact>
              <Fact label={t('disconnect.interface')}>
                <span className="mr-1.5">{nic.device}</span>
                {nic.privateIp && <Address>{nic.privateIp}</Address>}
              </Fact>
              <Fact label={t('publicIps.title')}>
                <Address className="font-semibold">{nic.publicIp.address}</Address>
                <CopyButton text={nic.publicIp.address} label={t('publicIps.title')} />
              </Fact>
              <Fact label={t('instances.id')}>
                <Address className="truncate">{instance.id}</Address>
              </Fact>
            </Facts>
            <DisconnectConsequences
              title={t('disconnect.consequences')}
              firewall={fresh.firewall}
              nic={nic}
              address={nic.publicIp.address}
            />
          </>
        )}
        {nic && (
          <div>
            <Checkbox isSelected={deletes} onChange={setDeletes} className="text-14">
              {t('disconnect.delete')}
            </Checkbox>
            {/* one height for both texts, so that nothing moves under the pointer */}
            <Banner
              tone={deletes ? 'bad' : 'warn'}
              role="status"
              stacked
              title={t('disconnect.caution')}
              className="mt-3 min-h-[104px] narrow:min-h-[84px]"
            >
              {t(deletes ? 'disconnect.deleted' : 'disconnect.kept')}
            </Banner>
          </div>
        )}
        {disconnect.error && <FailureNotice error={disconnect.error} />}
      </DialogBody>
    </Dialog>
  );
}
