import type { Rollout, RolloutHost } from '@moru/types';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFailureWords } from '../http/failure-words.ts';
import { RequestError } from '../http/request-error.ts';
import { useReason } from '../instances/use-instance-actions.ts';
import { State } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { NarrowLabel } from '../ui/narrow-label.tsx';
import { Section } from '../ui/section.tsx';
import { Cell, Head, Row, Table } from '../ui/table.tsx';
import { hostLooks, hostState } from './host-states.ts';
import { ChangeCount } from './plan-list.tsx';
import { decideRollout } from './rollout-queries.ts';

/** Every host in the order of its wave, and what has become of it. */
export function RolloutHosts({ rollout: { hosts } }: { rollout: Rollout }) {
  const { t } = useTranslation();
  return (
    <Section title={t('rollout.hosts')} testId="rollout-hosts">
      <Table
        label={t('rollout.hosts')}
        head={
          <>
            <Head>{t('rollout.order')}</Head>
            <Head>{t('rollout.host')}</Head>
            <Head>{t('rollout.state')}</Head>
            <Head>{t('rollout.change')}</Head>
            <Head>{t('rollout.detail')}</Head>
          </>
        }
      >
        {hosts.map((host) => (
          <HostRow key={host.operationId} host={host} />
        ))}
      </Table>
    </Section>
  );
}

function HostRow({ host }: { host: RolloutHost }) {
  const { t } = useTranslation();
  const state = hostState(host);
  return (
    <Row
      testId="rollout-host"
      id={host.instanceId}
      className="max-narrow:grid max-narrow:grid-cols-[minmax(0,1fr)_auto] max-narrow:gap-x-2.5 max-narrow:gap-y-1 max-narrow:px-4 max-narrow:py-3"
    >
      <Cell className="text-fg-2 max-narrow:col-span-2">
        {host.wave === 0 ? t('rollout.wave.canary') : t('rollout.wave.nth', { number: host.wave + 1 })}
      </Cell>
      <Cell header>
        <Link
          to="/instances/$instanceId/firewall"
          params={{ instanceId: host.instanceId }}
          search={{}}
          className="font-semibold hover:text-link hover:underline"
        >
          {host.name}
        </Link>
      </Cell>
      <Cell>
        <span data-testid="host-state" data-state={state}>
          <State kind={hostLooks[state]} strong={state !== 'kept' && state !== 'waiting'}>
            {t(`rollout.hostState.${state}`)}
          </State>
        </span>
      </Cell>
      <Cell>
        <NarrowLabel>{t('rollout.change')}</NarrowLabel>
        <ChangeCount changes={host.changes} />
      </Cell>
      <Cell className="whitespace-normal max-narrow:col-span-2">
        <Outcome host={host} />
      </Cell>
    </Row>
  );
}

function Outcome({ host }: { host: RolloutHost }) {
  const { t } = useTranslation();
  const failureWords = useFailureWords();
  const words = host.problem && failureWords(new RequestError(host.problem.code, host.problem));
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-12 text-fg-2">
      {words && (
        <span>
          {words.message}{' '}
          {words.upstream && (
            <span translate="no" className="font-mono">
              {words.upstream}
            </span>
          )}
        </span>
      )}
      {host.generation !== null && t('rollout.generation', { number: host.generation })}
      {hostState(host) === 'unknown' && <Again host={host} />}
    </span>
  );
}

/** Nobody knows what became of it: its own record is read once more. */
function Again({ host }: { host: RolloutHost }) {
  const { t } = useTranslation();
  const reason = useReason();
  const queries = useQueryClient();
  const again = useMutation({
    mutationFn: () => decideRollout.again(host.operationId),
    onSettled: () => void queries.invalidateQueries({ queryKey: ['rollouts'] }),
  });
  return (
    <>
      <Button
        size="xs"
        icon="sync"
        reason={reason('rollout.continue')}
        isPending={again.isPending}
        onPress={() => again.mutate()}
      >
        {t('rollout.again')}
      </Button>
      {again.error && <FailureNotice error={again.error} />}
    </>
  );
}
