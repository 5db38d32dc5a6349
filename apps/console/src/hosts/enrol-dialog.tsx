import type { Host, IssuedToken } from '@moru/types';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../i18n/format.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { CommandBox } from '../ui/command-box.tsx';
import { Dialog, DialogBody } from '../ui/dialog.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { EnrolForm } from './enrol-form.tsx';
import { Fingerprint } from './fingerprint.tsx';
import type { HostDialogProps } from './host-dialog.tsx';
import { OpenTokens } from './open-tokens.tsx';
import { useDecision } from './use-decision.ts';
import { WaitingFacts } from './waiting-facts.tsx';

/** From a token to an agent that answers, in one place: the command, then the host's fingerprint, then the outcome. */
export function EnrolDialog({ host, enrolment, onClose }: HostDialogProps) {
  const { t } = useTranslation();
  const [issued, setIssued] = useState<IssuedToken | null>(null);
  const decision = useDecision(host);
  const { waiting } = host;
  const decide = (approves: boolean) =>
    waiting && decision.mutate({ approves, fingerprint: waiting.fingerprint });
  const isDone = issued !== null && isEnrolledSince(host, issued);
  const compares = issued !== null && waiting !== null && !isDone;
  return (
    <Dialog
      title={t('hosts.enrolTitle', { name: host.name ?? host.instanceId })}
      testId="enrol-dialog"
      onClose={onClose}
      actions={
        compares ? (
          <>
            <Button isPending={decision.isPending} onPress={() => decide(false)}>
              {t('hosts.refuse')}
            </Button>
            <Button look="primary" isPending={decision.isPending} onPress={() => decide(true)}>
              {t('hosts.approve')}
            </Button>
          </>
        ) : (
          <Button onPress={onClose}>
            {t(isDone ? 'common.close' : issued ? 'hosts.later' : 'common.cancel')}
          </Button>
        )
      }
    >
      <DialogBody>
        {!issued && (
          <>
            <EnrolForm host={host} automatic={enrolment.automatic} onIssued={setIssued} />
            <OpenTokens host={host} />
          </>
        )}
        {issued && !isDone && !waiting && <Command issued={issued} />}
        {compares && <WaitingFacts waiting={waiting} />}
        {isDone && (
          <Banner tone="good" role="status" title={t('hosts.enrolled')}>
            {t('hosts.enrolledText')}
          </Banner>
        )}
        {decision.error && <FailureNotice error={decision.error} />}
      </DialogBody>
    </Dialog>
  );
}

/** The certificate of before counts for nothing: only one that came after the token. */
function isEnrolledSince({ state, certificate }: Host, { createdAt }: IssuedToken): boolean {
  return state === 'enrolled' && certificate !== null && certificate.issuedAt >= createdAt;
}

function Command({ issued }: { issued: IssuedToken }) {
  const { t } = useTranslation();
  const { installCommand, enrolCommand, authority, expiresAt, approval } = issued;
  return (
    <div className="grid gap-4">
      <p>{t('hosts.runOnHost')}</p>
      {installCommand && <CommandBox label={t('hosts.installCommand')} command={installCommand} />}
      <CommandBox label={t('hosts.enrolCommand')} command={enrolCommand} />
      <p className="text-12 text-fg-2">{t('hosts.shownOnce', { time: dateTime(expiresAt) })}</p>
      <div className="grid gap-1">
        <Fingerprint label={t('hosts.authorityFingerprint')} value={authority} />
        <p className="text-12 text-fg-2">{t('hosts.authorityText')}</p>
      </div>
      <Banner tone="info" role="status">
        {t(approval === 'automatic' ? 'hosts.awaitAutomatic' : 'hosts.awaitHost')}
      </Banner>
    </div>
  );
}
