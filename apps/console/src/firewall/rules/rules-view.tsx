import { useTranslation } from 'react-i18next';
import { Switch } from '../../ui/switch.tsx';
import { useEditor } from '../editor.tsx';
import { TextView } from '../text/text-view.tsx';
import { TransferMenu } from '../transfer/transfer-menu.tsx';
import { ViewRow } from '../view-row.tsx';
import { ForeignFamily } from './foreign-family.tsx';
import { type Place, useRulesSearch } from './place.ts';
import { RulesEditor } from './rules-editor.tsx';

/** Rule: the chains of the host and the rules of the chosen one, with the draft in place. */
export function RulesView() {
  const { t } = useTranslation();
  const { instance, session } = useEditor();
  const { search, change } = useRulesSearch();
  const family = search.family ?? 'ipv4';
  const table = search.table ?? 'filter';
  const first = session.draft.rules.tables.find((each) => each.name === table)?.chains[0]?.name;
  const place: Place = { family, table, chain: search.chain ?? first ?? 'INPUT' };
  const isText = family === 'ipv4' && search.mode === 'text';
  return (
    <>
      <ViewRow instanceId={instance.id}>
        {family === 'ipv4' && (
          <Switch isSelected={isText} onChange={(on) => void change({ mode: on ? 'text' : undefined })}>
            {t('text.mode')}
          </Switch>
        )}
        {!isText && (
          // a phone has no room for columns (use-view.ts)
          <span className="max-narrow:hidden">
            <Switch
              isSelected={search.columns === 'iptables'}
              onChange={(on) => void change({ columns: on ? 'iptables' : undefined })}
            >
              {t('rules.iptablesColumns')}
            </Switch>
          </span>
        )}
        <TransferMenu />
      </ViewRow>
      {family === 'ipv6' ? (
        <ForeignFamily place={place} />
      ) : isText ? (
        <TextView key={table} place={place} />
      ) : (
        <RulesEditor key={`${table} ${place.chain}`} place={place} />
      )}
    </>
  );
}
