import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../ui/banner.tsx';
import { Panel } from '../panel.tsx';
import { TargetName } from '../rules/target.tsx';

const targets = ['ACCEPT', 'DROP', 'REJECT'] as const;
const chains = ['INPUT', 'OUTPUT', 'FORWARD'] as const;

/** With nothing chosen: where a rule is begun, the words that the tool uses, and the caution. */
export function GuideNotes({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('notes.title')} label={t('notes.title')} testId="guide-notes">
      {children}
      <h3 className="text-12 text-fg-3">{t('rules.target')}</h3>
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
        {targets.map((name) => (
          <div key={name} className="contents">
            <dt>
              <TargetName name={name} />
            </dt>
            <dd className="text-fg-2">{t(`notes.${name}`)}</dd>
          </div>
        ))}
      </dl>
      <h3 className="mt-2 text-12 text-fg-3">{t('form.chain')}</h3>
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
        {chains.map((name) => (
          <div key={name} className="contents">
            <dt translate="no" className="font-mono text-12 leading-[20px] font-semibold">
              {name}
            </dt>
            <dd className="text-fg-2">{t(`notes.${name}`)}</dd>
          </div>
        ))}
      </dl>
      <Banner tone="warn" stacked title={t('disconnect.caution')} className="mt-3">
        <Caution />
      </Banner>
      <p className="text-12 text-fg-3">{t('notes.sshguard')}</p>
      <p className="text-12 text-fg-3">
        <a className="text-link" href="https://www.netfilter.org/" target="_blank" rel="noreferrer">
          {t('notes.netfilterSite')}
        </a>
        {' · '}
        <a className="text-link" href="https://www.sshguard.net/" target="_blank" rel="noreferrer">
          {t('notes.sshguardSite')}
        </a>
      </p>
    </Panel>
  );
}

/** All that the guide warns of. */
export function Caution() {
  const { t } = useTranslation();
  return (
    <ul className="grid list-outside list-disc gap-1 pl-3.5 text-12 text-fg-2">
      <li>{t('caution.access')}</li>
      <li>{t('caution.outgoing')}</li>
      <li>{t('caution.reboot')}</li>
      <li>{t('caution.help')}</li>
    </ul>
  );
}
