import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ruleSetOf } from '../firewall/drafts/draft-rules.ts';
import { EditorProvider, useEditor } from '../firewall/editor.tsx';
import { firewallQuery } from '../firewall/firewall-queries.ts';
import { instanceQuery } from '../instances/instance-queries.ts';
import { Announcer } from '../ui/announcer.tsx';
import { buttonLook } from '../ui/button.tsx';
import { Crumbs } from '../ui/crumbs.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { usePageTitle } from '../ui/page-title.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { chosenRules } from './copy-search.ts';
import { type ChosenHost, HostChoice } from './host-choice.tsx';
import { RolloutForm } from './rollout-form.tsx';
import { RuleChoice } from './rule-choice.tsx';
import { type Chosen, ownChains, wantedOf } from './what.ts';

/** 다른 호스트에 복사: which rules of this host, to which others. */
export function CopyPage() {
  const { t } = useTranslation();
  const { instanceId } = useParams({ from: '/shell/instances/$instanceId/firewall/copy' });
  const { data: instance } = useQuery(instanceQuery(instanceId));
  const firewall = useQuery(firewallQuery(instanceId));
  usePageTitle(t('rollout.copyTitle'));
  if (!instance || !firewall.data) {
    return (
      <div className="p-4">
        {firewall.error ? (
          <FailureNotice error={firewall.error} onRetry={() => firewall.refetch()} />
        ) : (
          <Skeleton rows={6} />
        )}
      </div>
    );
  }
  return (
    <Announcer>
      <EditorProvider instance={instance} state={firewall.data}>
        <Copy />
      </EditorProvider>
    </Announcer>
  );
}

const nothing: Chosen = { scope: 'rules', chains: new Set(), rules: new Set() };

function Copy() {
  const { t } = useTranslation();
  const { instance, session } = useEditor();
  const { host, draft } = session;
  const hasDraft = draft.steps.length > 0;
  const [isDraft, setDraft] = useState(hasDraft);
  const search = useSearch({ from: '/shell/instances/$instanceId/firewall/copy' });
  const [chosen, setChosen] = useState<Chosen>(() => ({ ...nothing, rules: chosenRules(search) }));
  const [hosts, setHosts] = useState<readonly ChosenHost[]>([]);
  const rules = isDraft && hasDraft ? draft.rules : host.base;
  const set = useMemo(() => ruleSetOf(rules), [rules]);
  const wanted = useMemo(
    () => wantedOf(instance.id, set, host.isForeign, chosen),
    [instance.id, set, host.isForeign, chosen],
  );
  const params = { instanceId: instance.id };
  return (
    <RolloutForm
      title={t('rollout.copyOf', { name: instance.name })}
      intro={t('rollout.intro')}
      wanted={wanted}
      hosts={hosts}
      crumbs={
        <Crumbs
          items={[
            <Link key="list" to="/instances" className="hover:underline">
              {t('instances.title')}
            </Link>,
            instance.name,
            <Link
              key="firewall"
              to="/instances/$instanceId/firewall"
              params={params}
              className="hover:underline"
            >
              {t('firewall.title')}
            </Link>,
            t('rollout.copyTitle'),
          ]}
        />
      }
      back={
        <Link to="/instances/$instanceId/firewall" params={params} className={buttonLook({})}>
          {t('rollout.back')}
        </Link>
      }
    >
      <RuleChoice
        key={String(isDraft)}
        chains={ownChains(set, host.isForeign)}
        chosen={chosen}
        onChange={setChosen}
        basis={
          hasDraft
            ? {
                isDraft,
                onChange: (next) => {
                  setDraft(next);
                  // numbers are of other rules then
                  setChosen({ ...chosen, rules: new Set() });
                },
              }
            : null
        }
      />
      <HostChoice sourceId={instance.id} chosen={hosts} onChange={setHosts} />
    </RolloutForm>
  );
}
