import { apiHeader, apiPaths } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Tag } from '../ui/badge.tsx';
import { Crumbs } from '../ui/crumbs.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { FilterField } from '../ui/filter-field.tsx';
import { ListCard, ListEmpty, ListHeading } from '../ui/list-page.tsx';
import { usePageTitle } from '../ui/page-title.ts';
import { SaveButton } from '../ui/save-button.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { OperationDetails } from './operation-details.tsx';
import { type Described, groupsOf, type ReferenceSearch, referenceQuery } from './reference-queries.ts';

/** What programs may ask this console for, out of the document that its schemas make. */
export function ReferencePage() {
  const { t } = useTranslation();
  const search = useSearch({ from: '/shell/reference' });
  const navigate = useNavigate({ from: '/reference' });
  const { data, error, isPending, isFetching, refetch } = useQuery(referenceQuery);
  usePageTitle(t('shell.reference'));
  const groups = data ? groupsOf(data, search.q) : [];
  const change = (next: ReferenceSearch) => navigate({ search: next, replace: true });
  const q = search.q ? { q: search.q } : {};
  return (
    <>
      <ListHeading
        crumbs={<Crumbs items={[t('shell.settings'), t('shell.reference')]} />}
        title={t('shell.reference')}
        count={data && groups.flatMap(([, each]) => each).length}
        readAt={undefined}
        refreshing={isFetching}
        onRefresh={() => refetch()}
      >
        <p className="basis-full text-fg-2">
          {t('reference.text')}{' '}
          <code translate="no" className="font-mono text-12 whitespace-nowrap">
            {apiHeader.name}: {apiHeader.value}
          </code>
        </p>
        <FilterField
          label={t('reference.filter')}
          value={search.q ?? ''}
          onChange={(text) => change(text ? { q: text } : {})}
        />
        <span className="flex-1" />
        <SaveButton path={apiPaths.openApi} name="openapi.json">
          {t('reference.save')}
        </SaveButton>
      </ListHeading>
      {error && (
        <div className="px-4 pb-3 narrow:px-6">
          <FailureNotice error={error} onRetry={refetch} />
        </div>
      )}
      {isPending && (
        <ListCard>
          <Skeleton rows={8} />
        </ListCard>
      )}
      {data && (
        <ListCard>
          {groups.length === 0 && <ListEmpty title={t('common.noMatch', { text: search.q ?? '' })} />}
          {groups.map(([tag, operations]) => (
            <section key={tag} aria-labelledby={`tag-${tag}`}>
              <h2
                id={`tag-${tag}`}
                translate="no"
                className="border-b border-line bg-canvas px-4 py-1.5 text-12 text-fg-2"
              >
                {tag}
              </h2>
              <ul>
                {operations.map((described) => {
                  const { operationId } = described.operation;
                  const isOpen = search.open === operationId;
                  return (
                    <li key={operationId} data-testid="operation" className="border-b border-line">
                      <OperationLine
                        {...described}
                        isOpen={isOpen}
                        onToggle={() => change(isOpen ? q : { ...q, open: operationId })}
                      />
                      {isOpen && (
                        <div className="bg-canvas px-4 pt-2 pb-4">
                          <OperationDetails
                            operation={described.operation}
                            schemas={data.components.schemas}
                          />
                        </div>
                      )}
                    </li>
                  );
                })}
              </ul>
            </section>
          ))}
        </ListCard>
      )}
    </>
  );
}

interface OperationLineProps extends Described {
  isOpen: boolean;
  onToggle: () => void;
}

function OperationLine({ method, path, operation, isOpen, onToggle }: OperationLineProps) {
  const { t, i18n } = useTranslation();
  const key = `role.${operation['x-role']}` as 'role.admin';
  const isOpenToAll = Array.isArray(operation.security) && operation.security.length === 0;
  const who = i18n.exists(key as string)
    ? t('reference.fromRole', { role: t(key) })
    : t(isOpenToAll ? 'reference.anybody' : 'reference.signedIn');
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      onClick={onToggle}
      className="flex w-full cursor-pointer flex-wrap items-center gap-x-2.5 gap-y-0.5 px-4 py-2 text-left hover:bg-hover focus-visible:-outline-offset-2"
    >
      <Tag tone={method === 'get' ? 'plain' : 'line'}>
        <span translate="no" className="w-12 text-center font-mono uppercase">
          {method}
        </span>
      </Tag>
      <span translate="no" className="min-w-0 font-mono text-12 break-all">
        {path}
      </span>
      <span className="ml-auto text-12 text-fg-3">{who}</span>
    </button>
  );
}
