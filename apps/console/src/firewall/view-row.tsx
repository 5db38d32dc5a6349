import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { TabLink, TabLinks } from '../ui/tab-links.tsx';
import { useEditor } from './editor.tsx';

/** The sub-views of 방화벽, and what belongs to the chosen one. */
export function ViewRow({ instanceId, children }: { instanceId: string; children?: ReactNode }) {
  const { t } = useTranslation();
  const { generator } = useEditor();
  return (
    <div className="flex flex-none items-center border-b border-line bg-surface pr-1 narrow:flex-wrap narrow:gap-x-3 narrow:pr-3">
      <TabLinks
        label={t('firewall.views')}
        className="border-0! max-narrow:min-w-0 max-narrow:flex-1 max-narrow:gap-0 max-narrow:px-1.5"
      >
        <TabLink
          to="/instances/$instanceId/firewall"
          params={{ instanceId }}
          activeOptions={{ exact: true, includeSearch: false }}
        >
          {t('rules.title')}
        </TabLink>
        <TabLink to="/instances/$instanceId/firewall/packet" params={{ instanceId }}>
          {t('packet.title')}
        </TabLink>
        {!generator && (
          <>
            <TabLink to="/instances/$instanceId/firewall/output" params={{ instanceId }}>
              {t('output.title')}
            </TabLink>
            <TabLink to="/instances/$instanceId/firewall/history" params={{ instanceId }}>
              {t('history.title')}
            </TabLink>
          </>
        )}
      </TabLinks>
      <span className="flex-1 max-narrow:hidden" />
      {children}
    </div>
  );
}
