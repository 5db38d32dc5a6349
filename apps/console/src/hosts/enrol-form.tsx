import type { Approval, Host, IssuedToken } from '@moru/types';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Attempt } from '../http/attempt.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { Form } from '../ui/form.tsx';
import { RadioList, RadioRow } from '../ui/radio-list.tsx';
import { Select } from '../ui/select.tsx';
import { makeToken } from './host-queries.ts';

interface EnrolFormProps {
  host: Host;
  /** whether a token may approve by itself here */
  automatic: boolean;
  onIssued: (token: IssuedToken) => void;
}

const lives = [10, 30, 60];

export function EnrolForm({ host, automatic, onIssued }: EnrolFormProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [minutes, setMinutes] = useState(30);
  const [approval, setApproval] = useState<Approval>('fingerprint');
  const [attempt] = useState(() => new Attempt());
  const make = useMutation({
    mutationFn: () => makeToken(host.instanceId, { minutes, approval }, attempt),
    onSuccess: onIssued,
    onSettled: () => queries.invalidateQueries({ queryKey: ['hosts'] }),
  });
  return (
    <Form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <p>{t('hosts.enrolText')}</p>
      {host.state === 'enrolled' && (
        <Banner tone="warn" title={t('hosts.already')}>
          {t('hosts.alreadyText')}
        </Banner>
      )}
      <RadioList
        label={t('hosts.approval')}
        value={approval}
        onChange={(value) => setApproval(value as Approval)}
      >
        <RadioRow value="fingerprint">
          <b>{t('hosts.byFingerprint')}</b>
          <span className="text-fg-2">{t('hosts.byFingerprintText')}</span>
        </RadioRow>
        <RadioRow value="automatic" isDisabled={!automatic}>
          <b>{t('hosts.byToken')}</b>
          <span className="text-fg-2">{t(automatic ? 'hosts.byTokenText' : 'hosts.byTokenOff')}</span>
        </RadioRow>
      </RadioList>
      <div className="flex flex-wrap items-center gap-2">
        <span>{t('hosts.life')}</span>
        <div className="w-28">
          <Select
            label={t('hosts.life')}
            value={String(minutes)}
            options={lives.map((each) => ({
              id: String(each),
              label: t('hosts.minutes', { minutes: each }),
            }))}
            onChange={(value) => setMinutes(Number(value))}
          />
        </div>
        <span className="flex-1" />
        <Button type="submit" look="primary" isPending={make.isPending}>
          {t('hosts.makeToken')}
        </Button>
      </div>
      {make.error && <FailureNotice error={make.error} />}
    </Form>
  );
}
