import type { Instance, PublicIp } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { instancesQuery } from '../instances/instance-queries.ts';
import { useReason } from '../instances/use-instance-actions.ts';
import { Address } from '../ui/address.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogBody } from '../ui/dialog.tsx';
import { Facts } from '../ui/facts.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { RadioList, RadioRow } from '../ui/radio-list.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { AddressFacts } from './address-facts.tsx';
import { PublicIpDialog } from './public-ip-dialog.tsx';
import { isIdle } from './public-ip-queries.ts';

/** From an address to an instance: which one, then 「Public IP 연결 설정」 with the address chosen. */
export function ConnectAddress({ ip, onClose }: { ip: PublicIp; onClose: () => void }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<Instance | null>(null);
  const [onwards, setOnwards] = useState(false);
  if (chosen && onwards) {
    return <PublicIpDialog kind="connect" instance={chosen} publicIp={ip} onClose={onClose} />;
  }
  return (
    <Dialog
      title={t(isIdle(ip) ? 'publicIp.connectTitle' : 'publicIp.moveTitle')}
      testId="connect-address-dialog"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
          <Button
            look="primary"
            reasonAt="above-end"
            reason={chosen ? null : t('publicIp.chooseInstance')}
            onPress={() => setOnwards(true)}
          >
            {t('publicIp.next')}
          </Button>
        </>
      }
    >
      <DialogBody>
        <Facts>
          <AddressFacts ip={ip} />
        </Facts>
        <InstanceChoice value={chosen} onChange={setChosen} />
      </DialogBody>
    </Dialog>
  );
}

interface InstanceChoiceProps {
  value: Instance | null;
  onChange: (instance: Instance | null) => void;
}

function InstanceChoice({ value, onChange }: InstanceChoiceProps) {
  const { t } = useTranslation();
  const reason = useReason();
  const [text, setText] = useState('');
  const q = useDeferredValue(text).trim();
  const { data, error, refetch } = useQuery(instancesQuery(q ? { q } : {}));
  const found = data?.instances ?? [];
  const more = (data?.page.total ?? 0) - found.length;
  return (
    <div className="rounded-6 border border-line-strong bg-canvas p-3">
      <SearchField
        label={t('publicIp.findInstance')}
        value={text}
        onChange={(typed) => {
          setText(typed);
          // nothing is chosen that is out of sight
          onChange(null);
        }}
        className="mb-2"
      />
      {error && <FailureNotice error={error} onRetry={() => refetch()} />}
      {!data && !error && <Skeleton rows={3} />}
      {data && found.length === 0 && (
        <p className="py-2 text-fg-3">{q ? t('common.noMatch', { text: q }) : t('instances.empty')}</p>
      )}
      {found.length > 0 && (
        <div className="max-h-64 overflow-auto rounded-6">
          <RadioList
            label={t('publicIp.instances')}
            hideLabel
            value={value?.id ?? null}
            onChange={(id) => {
              const instance = found.find((each) => each.id === id);
              if (instance) onChange(instance);
            }}
            testId="instance-choice"
          >
            {found.map((instance) => {
              const why = reason('publicIp.connect', instance);
              const privateIp = instance.networkInterfaces[0]?.privateIp;
              return (
                <RadioRow
                  key={instance.id}
                  value={instance.id}
                  dataId={instance.id}
                  isDisabled={why !== null}
                >
                  <b className="font-semibold">{instance.name}</b>
                  {privateIp && <Address>{privateIp}</Address>}
                  <span className="flex-1" />
                  {why && <span className="text-12">{why}</span>}
                </RadioRow>
              );
            })}
          </RadioList>
        </div>
      )}
      {more > 0 && <p className="pt-2 text-12 text-fg-3">{t('publicIp.more', { total: more })}</p>}
    </div>
  );
}
