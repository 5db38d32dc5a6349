import { useTranslation } from 'react-i18next';
import { useEditor } from '../editor.tsx';
import { CaseButtons } from '../inspector/case-buttons.tsx';
import type { GuideCase } from '../inspector/guide-cases.ts';
import { DenyByDefault } from '../offers/deny-by-default.tsx';

/** A host as it comes: SSHGUARD at most, and no rule of the administrator's yet. */
export function EmptyRules({ onCase }: { onCase: (guideCase: GuideCase) => void }) {
  const { t } = useTranslation();
  const { session } = useEditor();
  return (
    <section data-testid="empty-rules" className="grid max-w-[640px] gap-2 px-4 py-6 narrow:px-7">
      <h3 className="text-14">
        {t(session.host.state.sshguard.chain ? 'empty.withSshguard' : 'empty.title')}
      </h3>
      <p className="text-fg-2">{t('empty.text')}</p>
      <p className="mt-1 text-12 text-fg-3">{t('cases.label')}</p>
      <CaseButtons onCase={onCase} />
      <DenyByDefault />
    </section>
  );
}
