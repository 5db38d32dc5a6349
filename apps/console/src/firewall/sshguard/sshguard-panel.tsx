import type { BlockedAddress, SshguardPanel as Seen } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useReason } from '../../instances/use-instance-actions.ts';
import { Address } from '../../ui/address.tsx';
import { Ago } from '../../ui/ago.tsx';
import { State } from '../../ui/badge.tsx';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useEditor } from '../editor.tsx';
import { restoreJump } from './restore-jump.ts';
import { sshguardQuery, useUnblock } from './sshguard-queries.ts';

/** What SSHGUARD does on this host, whom it blocks, and what it is not. */
export function SshguardPanel() {
  const { t } = useTranslation();
  const { instance } = useEditor();
  const panel = useQuery(sshguardQuery(instance.id));
  const { data } = panel;
  return (
    <div className="grid content-start gap-3" data-testid="sshguard">
      {panel.error && <FailureNotice error={panel.error} onRetry={() => panel.refetch()} />}
      {panel.isPending && <Skeleton rows={4} />}
      {data && <Condition panel={data} />}
      {data && <Blocked panel={data} />}
      {data?.whitelist && (
        <p className="text-12 text-fg-2">
          {t('sshguard.whitelist', { path: data.whitelist.path })}{' '}
          <span translate="no" className="font-mono">
            {data.whitelist.entries.join(', ') || '–'}
          </span>
        </p>
      )}
      <p className="text-12 text-fg-3">{t('notes.sshguard')}</p>
      <p className="text-12 text-fg-3">
        <a className="text-link" href="https://www.sshguard.net/" target="_blank" rel="noreferrer">
          {t('notes.sshguardSite')}
        </a>
        {' · '}
        <a className="text-link" href="https://www.netfilter.org/" target="_blank" rel="noreferrer">
          {t('notes.netfilterSite')}
        </a>
      </p>
    </div>
  );
}

function Condition({ panel }: { panel: Seen }) {
  const { t } = useTranslation();
  const { session, actions, closed } = useEditor();
  const { condition, jump, ahead, chain } = panel;
  const wellLinked = jump !== null && ahead === null;
  const edits = restoreJump(session.draft.rules);
  return (
    <>
      <p className="flex items-center gap-2" data-testid="sshguard-condition" data-condition={condition}>
        <State kind={condition === 'running' && wellLinked ? 'good' : 'unknown'} strong>
          {t(`sshguard.condition.${condition}`)}
        </State>
      </p>
      {jump && (
        <p className="text-12 text-fg-2">{t('sshguard.jump', { chain: jump.chain, number: jump.number })}</p>
      )}
      {ahead && (
        <Banner tone="warn" title={t('sshguard.ahead', { chain: ahead.chain, number: ahead.number })}>
          <code translate="no" className="block font-mono text-12 wrap-anywhere">
            {ahead.rule}
          </code>
        </Banner>
      )}
      {!jump && (
        <Banner
          tone="warn"
          stacked
          title={t(chain ? 'sshguard.noJump' : 'sshguard.noChain')}
          actions={
            <Button
              size="sm"
              data-testid="restore-jump"
              reason={closed ?? (edits.length > 0 ? null : t('sshguard.inDraft'))}
              reasonAt="below-end"
              onPress={() => actions.add(edits)}
            >
              {t('sshguard.restore')}
            </Button>
          }
        >
          {t('sshguard.noJumpText')}
        </Banner>
      )}
    </>
  );
}

function Blocked({ panel }: { panel: Seen }) {
  const { t } = useTranslation();
  const { instance } = useEditor();
  const reason = useReason()('sshguard.unblock', instance);
  const unblock = useUnblock(instance.id);
  const { blocked, blockedCount } = panel;
  return (
    <section aria-label={t('sshguard.blocked')}>
      <h3 className="mb-1 text-12 text-fg-3">
        {t('sshguard.blocked')} <span className="tabular-nums">{blockedCount}</span>
      </h3>
      {blocked.length === 0 && <p className="text-12 text-fg-2">{t('sshguard.nobody')}</p>}
      <ul>
        {blocked.map((each) => (
          <BlockedRow
            key={each.rule}
            blocked={each}
            reason={reason}
            isPending={unblock.isPending && unblock.variables.rule === each.rule}
            onUnblock={() => unblock.mutate({ rule: each.rule, source: each.source ?? each.rule })}
          />
        ))}
      </ul>
      {blockedCount > blocked.length && (
        <p className="text-12 text-fg-2">{t('sshguard.more', { count: blockedCount - blocked.length })}</p>
      )}
    </section>
  );
}

interface BlockedRowProps {
  blocked: BlockedAddress;
  reason: string | null;
  isPending: boolean;
  onUnblock: () => void;
}

function BlockedRow({ blocked, reason, isPending, onUnblock }: BlockedRowProps) {
  const { t } = useTranslation();
  const { source, rule, packets, bytes, seenAt } = blocked;
  const address = (source ?? rule).replace(/\/32$/, '');
  return (
    <li data-testid="blocked" className="flex items-center gap-2 border-t border-line py-1.5">
      <span className="grid min-w-0 flex-1">
        <Address>{address}</Address>
        <span className="text-12 text-fg-3 tabular-nums">
          {seenAt ? <Ago iso={seenAt} /> : t('sshguard.before')} · {t('sshguard.counted', { packets, bytes })}
        </span>
      </span>
      <Button
        size="xs"
        reason={reason}
        reasonAt="below-end"
        isPending={isPending}
        aria-label={t('sshguard.unblockOf', { address })}
        onPress={onUnblock}
      >
        {t('sshguard.unblock')}
      </Button>
    </li>
  );
}
