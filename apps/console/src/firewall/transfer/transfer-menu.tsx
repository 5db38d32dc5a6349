import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useReason } from '../../instances/use-instance-actions.ts';
import { MenuButton } from '../../ui/menu-button.tsx';
import { onDemand } from '../../ui/on-demand.tsx';
import { useEditor } from '../editor.tsx';
import { draftText } from '../text/draft-text.ts';

const ImportDialog = onDemand(() => import('./import-dialog.tsx').then((module) => module.ImportDialog));

/** ⋯ of the rules: out to a file, and in from one. */
export function TransferMenu() {
  const { t } = useTranslation();
  const { instance, session, closed } = useEditor();
  const reason = useReason();
  const navigate = useNavigate();
  const [importing, setImporting] = useState(false);
  const exported = () => {
    const { rules } = session.draft;
    const text = rules.tables.map(({ name }) => draftText(rules, name)).join('');
    download(`${instance.name}.rules`, text);
  };
  return (
    <>
      <MenuButton
        size="sm"
        look="quiet"
        icon="more"
        label={t('transfer.menu')}
        data-testid="transfer-menu"
        groups={() => [
          {
            id: 'transfer',
            title: t('transfer.menu'),
            actions: [
              { id: 'export', label: t('transfer.export'), icon: 'arrow', onAction: exported },
              {
                id: 'import',
                label: t('transfer.import'),
                icon: 'plus',
                reason: closed,
                onAction: () => setImporting(true),
              },
              {
                id: 'copy-to-hosts',
                label: t('transfer.copy'),
                icon: 'copy',
                reason: reason('rollout.plan'),
                onAction: () =>
                  void navigate({
                    to: '/instances/$instanceId/firewall/copy',
                    params: { instanceId: instance.id },
                  }),
              },
            ],
          },
        ]}
      />
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </>
  );
}

function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
