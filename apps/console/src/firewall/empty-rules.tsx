import type { FirewallState, Instance } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { CaseButtons } from './case-buttons.tsx';
import type { GuideCase } from './guide-cases.ts';

interface EmptyRulesProps {
  instance: Instance;
  state: FirewallState;
  onCase: (guideCase: GuideCase) => void;
}

/** A host as it comes: SSHGUARD at most, and no rule of the administrator's yet. */
export function EmptyRules({ instance, state, onCase }: EmptyRulesProps) {
  const { t } = useTranslation();
  return (
    <section data-testid="empty-rules" className="grid max-w-[600px] gap-2 px-4 py-6 narrow:px-7">
      <h3 className="text-14">{t(state.sshguard.chain ? 'empty.withSshguard' : 'empty.title')}</h3>
      <p className="text-fg-2">{t('empty.text')}</p>
      <p className="mt-1 text-12 text-fg-3">{t('cases.label')}</p>
      <CaseButtons instance={instance} onCase={onCase} />
    </section>
  );
}
