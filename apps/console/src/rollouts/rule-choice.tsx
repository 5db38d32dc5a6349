import { ruleText } from '@moru/netfilter';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TargetName, targetName } from '../firewall/rules/target.tsx';
import { ruleSentence } from '../firewall/words/rule-words.ts';
import { Checkbox } from '../ui/checkbox.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { Section } from '../ui/section.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Select } from '../ui/select.tsx';
import type { Chosen, CopyScope, OwnChain } from './what.ts';

// a chain may have thousands; whoever wants one of those looks for it
const mostShown = 100;

const scopes: readonly CopyScope[] = ['rules', 'chains', 'all'];

interface RuleChoiceProps {
  chains: readonly OwnChain[];
  chosen: Chosen;
  onChange: (chosen: Chosen) => void;
  /** null where there is no draft */
  basis: { isDraft: boolean; onChange: (isDraft: boolean) => void } | null;
}

/** What is copied: some rules, some chains, or all of them. */
export function RuleChoice({ chains, chosen, onChange, basis }: RuleChoiceProps) {
  const { t } = useTranslation();
  return (
    <Section title={t('rollout.what')} testId="rollout-what">
      <div className="grid gap-3 px-4 py-3">
        {basis && (
          <Segmented
            label={t('rollout.basis')}
            value={basis.isDraft ? 'draft' : 'running'}
            onChange={(value) => basis.onChange(value === 'draft')}
            options={(['running', 'draft'] as const).map((id) => ({ id, label: t(`rollout.${id}`) }))}
          />
        )}
        <Segmented
          label={t('rollout.scope')}
          value={chosen.scope}
          onChange={(scope) => onChange({ ...chosen, scope: scope as CopyScope })}
          options={scopes.map((id) => ({ id, label: t(`rollout.scopes.${id}`) }))}
        />
        <p className="text-12 text-fg-2">
          {t(`rollout.scopeText.${chosen.scope}`)} {t('rollout.foreignStay')}
        </p>
        {chosen.scope === 'rules' && <Rules chains={chains} chosen={chosen} onChange={onChange} />}
        {chosen.scope === 'chains' && (
          <ul className="grid gap-1.5" aria-label={t('rollout.scopes.chains')}>
            {chains.map(({ key, table, chain }) => (
              <li key={key}>
                <Checkbox
                  isSelected={chosen.chains.has(key)}
                  onChange={(on) => onChange({ ...chosen, chains: changed(chosen.chains, key, on) })}
                >
                  <span translate="no" className="font-mono text-12 font-semibold">
                    {nameOf(table, chain.name)}
                  </span>{' '}
                  <span className="text-fg-2">
                    {chain.policy} · {t('rollout.chainCount', { count: chain.rules.length })}
                  </span>
                </Checkbox>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Section>
  );
}

function Rules({ chains, chosen, onChange }: Omit<RuleChoiceProps, 'basis'>) {
  const { t } = useTranslation();
  const [named] = chosen.rules;
  const first =
    chains.find((each) => named?.startsWith(`${each.key} `)) ??
    chains.find(({ chain }) => chain.rules.length > 0) ??
    chains[0];
  const [key, setKey] = useState(first?.key ?? '');
  const [text, setText] = useState('');
  const shown = chains.find((each) => each.key === key) ?? first;
  if (!shown) return null;
  const { table, chain } = shown;
  const rows = chain.rules
    .map((rule, index) => ({ rule, number: index + 1, words: ruleText(rule) }))
    .filter(({ words }) => words.toLowerCase().includes(text.trim().toLowerCase()));
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <div className="w-44">
          <Select
            label={t('rollout.chain')}
            options={chains.map((each) => ({ id: each.key, label: nameOf(each.table, each.chain.name) }))}
            value={shown.key}
            onChange={setKey}
          />
        </div>
        <SearchField
          label={t('rollout.filterRules')}
          value={text}
          onChange={setText}
          className="w-full narrow:w-56"
        />
      </div>
      {chain.rules.length === 0 && <p className="text-fg-2">{t('rollout.noRules')}</p>}
      <ul className="grid max-h-72 gap-1.5 overflow-y-auto" aria-label={nameOf(table, chain.name)}>
        {rows.slice(0, mostShown).map(({ rule, number, words }) => {
          const id = `${shown.key} ${number}`;
          return (
            <li key={id} data-testid="rollout-rule">
              <Checkbox
                isSelected={chosen.rules.has(id)}
                onChange={(on) => onChange({ ...chosen, rules: changed(chosen.rules, id, on) })}
              >
                <span className="text-fg-3 tabular-nums">{t('rollout.number', { number })}</span>{' '}
                <TargetName name={targetName(rule)} /> {ruleSentence(t, rule, table, chain.name)}
                <span translate="no" className="block font-mono text-12 wrap-anywhere text-fg-3">
                  {words}
                </span>
              </Checkbox>
            </li>
          );
        })}
      </ul>
      {rows.length > mostShown && (
        <p className="text-12 text-fg-2">{t('rollout.moreRules', { count: rows.length - mostShown })}</p>
      )}
    </div>
  );
}

export const nameOf = (table: string, chain: string) => (table === 'filter' ? chain : `${table} ${chain}`);

function changed(set: ReadonlySet<string>, key: string, on: boolean): ReadonlySet<string> {
  const next = new Set(set);
  if (on) next.add(key);
  else next.delete(key);
  return next;
}
