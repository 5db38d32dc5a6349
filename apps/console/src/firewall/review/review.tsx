import { type AccessReport, type Acknowledgement, trialWait } from '@moru/types';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RequestError } from '../../http/request-error.ts';
import { useReason } from '../../instances/use-instance-actions.ts';
import { AccessTable } from '../../trials/access-table.tsx';
import { Administrator } from '../../trials/administrator.tsx';
import { TrialFooter } from '../../trials/trial-footer.tsx';
import { currentTrialQuery, trialActions } from '../../trials/trial-queries.ts';
import { TrialSettings } from '../../trials/trial-settings.tsx';
import { useAcknowledgement } from '../../trials/use-acknowledgement.tsx';
import { Verdict } from '../../trials/verdict.tsx';
import { Banner } from '../../ui/banner.tsx';
import { Button, buttonLook } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Crumbs } from '../../ui/crumbs.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { wantedOf } from '../check-queries.ts';
import { useDraftCheck } from '../checks/use-draft-check.ts';
import { changesHost } from '../drafts/changed-chains.ts';
import { starting } from '../drafts/session.ts';
import { useEditor } from '../editor.tsx';
import { Caution } from '../inspector/guide-notes.tsx';
import { keepAccess } from '../offers/offered-edits.ts';
import { useFieldWords } from '../words/field-words.ts';
import { ChangeList } from './change-list.tsx';
import { ReachCards } from './reach-cards.tsx';

/** What is about to happen to which host, who could still reach it, and the press that tries it. */
export function Review() {
  const { t } = useTranslation();
  const words = useFieldWords();
  const { instance, session, actions, closed } = useEditor();
  const reason = useReason();
  const [administrator, setAdministrator] = useState<string | null | undefined>(undefined);
  const check = useDraftCheck(instance.id, session, { administrator });
  const [note, setNote] = useState('');
  const [wait, setWait] = useState<number>(trialWait.default);
  const [save, setSave] = useState(false);
  const [key] = useState(() => crypto.randomUUID());
  const { answer } = check;
  const access = answer?.access ?? null;
  const errors = [...(answer?.ipv4?.errors ?? []), ...(answer?.ipv6?.errors ?? [])];
  const known = useAcknowledgement(access, instance.name);
  const start = useStart({
    key,
    note,
    wait,
    save,
    administrator: administrator === undefined ? (answer?.administrator ?? undefined) : administrator,
    acknowledged: known.acknowledged,
  });
  const privateIp = instance.networkInterfaces[0]?.privateIp;
  const onHost = useMemo(() => changesHost(session.draft), [session.draft]);
  const startReason =
    reason('trial.start', instance) ??
    (session.clash ? t('clash.decideFirst') : null) ??
    (session.draft.steps.length === 0 ? t('draft.noSteps') : null) ??
    (onHost ? null : t('review.nothingOnHost')) ??
    (check.isChecking || (!answer && !check.error) ? t('worst.checking') : null) ??
    (check.error ? t('review.checkFirst') : null) ??
    (errors.length > 0 ? t('review.hasErrors') : null) ??
    known.missing;
  return (
    <div className="flex min-h-0 flex-1 flex-col" data-testid="review">
      <div className="min-h-0 flex-1 overflow-auto px-4 py-4 narrow:px-12">
        <Crumbs
          items={[
            <Link key="list" to="/instances" className="hover:underline">
              {t('instances.title')}
            </Link>,
            instance.name,
            <Link
              key="firewall"
              to="/instances/$instanceId/firewall"
              params={{ instanceId: instance.id }}
              className="hover:underline"
            >
              {t('firewall.title')}
            </Link>,
            t('draft.review'),
          ]}
        />
        <h1 className="mt-1 mb-3 text-[28px] leading-tight font-semibold">
          {instance.name}{' '}
          <span className="text-18 font-normal text-fg-2">
            {t('review.applyTo', { address: privateIp ?? '' })}
          </span>
        </h1>
        <Verdict check={check} hostname={access?.hostname ?? instance.name} subject="rules" />
        {check.error !== null && check.error !== undefined && !check.isChecking && (
          <FailureNotice error={check.error} className="mt-3.5" />
        )}
        <div className="mt-3.5 grid gap-3.5 wide:grid-cols-[minmax(0,1fr)_372px]">
          <div className="grid content-start gap-3.5">
            {errors.length > 0 && (
              <Banner tone="lost" stacked title={t('review.hasErrors')}>
                <ul data-testid="check-errors">
                  {errors.map(({ field, code, params, detail }) => (
                    <li key={`${field} ${code}`}>
                      <span translate="no" className="font-mono text-12">
                        {field}
                      </span>{' '}
                      {words(code, params)} {detail}
                    </li>
                  ))}
                </ul>
              </Banner>
            )}
            {answer?.ipv4?.test && answer.ipv4.test.exitCode !== 0 && (
              <Banner tone="lost" stacked title={t('review.testRefused')}>
                <pre translate="no" className="font-mono text-12 whitespace-pre-wrap">
                  {answer.ipv4.test.words}
                </pre>
              </Banner>
            )}
            {access ? (
              <>
                <AccessTable
                  instanceId={instance.id}
                  access={access}
                  administrator={
                    <Administrator
                      address={administrator === undefined ? (answer?.administrator ?? null) : administrator}
                      onChange={setAdministrator}
                    />
                  }
                />
                <KeepAccess
                  access={access}
                  closed={closed}
                  onAdd={() => actions.add(keepAccess(session.draft.rules, access.keepConsole))}
                />
                <ReachCards reach={access.reach} />
              </>
            ) : (
              check.isChecking && <Skeleton rows={4} />
            )}
            <ChangeList />
          </div>
          <div className="grid content-start gap-3.5">
            <TrialSettings wait={wait} onWait={setWait} note={note} onNote={setNote}>
              <Checkbox isSelected={save} onChange={setSave}>
                {t('review.save')}
              </Checkbox>
            </TrialSettings>
            <Banner tone="warn" stacked title={t('disconnect.caution')}>
              <Caution />
            </Banner>
          </div>
        </div>
      </div>
      <TrialFooter
        back={
          <Link
            to="/instances/$instanceId/firewall"
            params={{ instanceId: instance.id }}
            className={buttonLook({})}
            data-testid="back"
          >
            {t('review.back')}
          </Link>
        }
        start={start}
        known={known}
        reason={startReason}
        wait={wait}
      />
    </div>
  );
}

interface KeepAccessProps {
  access: AccessReport;
  closed: string | null;
  onAdd: () => void;
}

/** 「Moru 접속 유지」 as a step of the draft, where the console's own way would be cut. */
function KeepAccess({ access, closed, onAdd }: KeepAccessProps) {
  const { t } = useTranslation();
  if (access.keepConsole.length === 0) return null;
  return (
    <Banner
      tone="warn"
      title={t('review.keepTitle')}
      actions={
        <Button size="sm" reason={closed} data-testid="keep-access" onPress={onAdd}>
          {t('review.keepAdd')}
        </Button>
      }
    >
      {t('review.keepText')}
    </Banner>
  );
}

interface StartOptions {
  key: string;
  note: string;
  wait: number;
  save: boolean;
  administrator: string | null | undefined;
  acknowledged: Acknowledgement;
}

function useStart({ key, note, wait, save, administrator, acknowledged }: StartOptions) {
  const { instance, session, actions } = useEditor();
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async () => {
      // what is tried is what is kept, so that it is there again however the trial ends
      await actions.flush();
      // from here on the host may hold the draft's rules
      actions.setTrying(starting);
      return trialActions.start(instance.id, {
        ...wantedOf(session.host, session.draft.rules),
        ...(administrator === undefined ? {} : { administrator }),
        acknowledged,
        key,
        note,
        waitSeconds: wait,
        save,
      });
    },
    onSuccess: (view) => {
      queries.setQueryData(currentTrialQuery(instance.id).queryKey, view);
      void queries.invalidateQueries({ queryKey: ['trials'] });
      if (view.trial) {
        void navigate({
          to: '/instances/$instanceId/firewall/review',
          params: { instanceId: instance.id },
          search: { trial: view.trial.id },
          replace: true,
        });
      }
    },
    onError: (error) => {
      // what may have begun all the same is found by the host's record
      if (!(error instanceof RequestError && error.code === 'outcome.unknown')) actions.setTrying(null);
      void queries.invalidateQueries({ queryKey: currentTrialQuery(instance.id).queryKey });
      void queries.invalidateQueries({ queryKey: ['firewall', instance.id] });
    },
  });
}
