import type { OwnSession } from '@moru/types';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFailureWords } from '../http/failure-words.ts';
import { dateTime } from '../i18n/format.ts';
import { useReason } from '../instances/use-instance-actions.ts';
import { Address } from '../ui/address.tsx';
import { Ago } from '../ui/ago.tsx';
import { Tag } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Crumbs } from '../ui/crumbs.tsx';
import { ListCard, ListHeading, ListUnread } from '../ui/list-page.tsx';
import { NarrowLabel } from '../ui/narrow-label.tsx';
import { usePageTitle } from '../ui/page-title.ts';
import { Cell, Head, Row, Table } from '../ui/table.tsx';
import { showToast } from '../ui/toast.ts';
import { ApiTokenDialog } from './api-token-dialog.tsx';
import { EndAllDialog } from './end-all-dialog.tsx';
import { endOwnSession, ownSessionsQuery } from './own-session-queries.ts';
import { sessionQuery } from './session-queries.ts';
import { useSignOut } from './use-sign-out.ts';

export function SessionsPage() {
  const { t } = useTranslation();
  const list = useQuery(ownSessionsQuery);
  const { data: session } = useQuery(sessionQuery);
  const reason = useReason();
  const [endsAll, setEndsAll] = useState(false);
  const [makes, setMakes] = useState(false);
  const { data } = list;
  usePageTitle(t('shell.sessions'));
  return (
    <>
      <ListHeading
        crumbs={<Crumbs items={[t('shell.settings'), t('shell.sessions')]} />}
        title={t('shell.sessions')}
        count={data?.sessions.length}
        readAt={data?.readAt}
        refreshing={list.isFetching}
        onRefresh={() => list.refetch()}
      >
        <p className="min-w-0 flex-1 basis-72 text-fg-2">{t('sessions.text')}</p>
        <Button icon="terminal" reason={reason('apiToken.create')} onPress={() => setMakes(true)}>
          {t('apiToken.make')}
        </Button>
        <Button icon="power" onPress={() => setEndsAll(true)}>
          {t('sessions.endAll')}
        </Button>
      </ListHeading>
      <ListUnread list={list} rows={2} row="h-11" />
      {data && (
        <ListCard>
          <Table
            label={t('shell.sessions')}
            head={
              <>
                <Head>{t('sessions.device')}</Head>
                <Head>{t('sessions.address')}</Head>
                <Head>{t('shell.project')}</Head>
                <Head>{t('sessions.begun')}</Head>
                <Head>{t('sessions.used')}</Head>
                <Head>{t('sessions.ends')}</Head>
                <Head>
                  <span className="sr-only">{t('sessions.end')}</span>
                </Head>
              </>
            }
          >
            {data.sessions.map((session) => (
              <SessionRow key={session.id} session={session} />
            ))}
          </Table>
        </ListCard>
      )}
      {makes && session && <ApiTokenDialog session={session} onClose={() => setMakes(false)} />}
      {endsAll && data && <EndAllDialog sessions={data.sessions} onClose={() => setEndsAll(false)} />}
    </>
  );
}

function SessionRow({ session }: { session: OwnSession }) {
  const { t } = useTranslation();
  const device = session.apiToken?.name ?? session.device ?? t('sessions.unknownDevice');
  return (
    <Row
      testId="session-row"
      id={session.id}
      className="max-narrow:grid max-narrow:grid-cols-[minmax(0,1fr)_auto] max-narrow:gap-x-2.5 max-narrow:gap-y-1 max-narrow:px-4 max-narrow:py-3"
    >
      <Cell header className="h-11">
        <span className="inline-flex flex-wrap items-center gap-2 font-semibold">
          {device}
          {session.apiToken && <Tag tone="plain">{t('sessions.program')}</Tag>}
          {session.current && <Tag tone="good">{t('sessions.current')}</Tag>}
        </span>
      </Cell>
      <Cell className="max-narrow:text-right">{session.address && <Address>{session.address}</Address>}</Cell>
      <Cell className="max-narrow:col-span-2">
        <span translate="no">{session.project.name}</span>{' '}
        <span className="text-fg-3">{t(`role.${session.role}`)}</span>
      </Cell>
      <Cell className="text-fg-2 tabular-nums max-narrow:col-span-2">
        <NarrowLabel>{t('sessions.begun')}</NarrowLabel>
        {dateTime(session.createdAt)}
      </Cell>
      <Cell className="text-fg-2 max-narrow:col-span-2">
        <NarrowLabel>{t('sessions.used')}</NarrowLabel>
        <Ago iso={session.usedAt} />
      </Cell>
      <Cell className="text-fg-2 tabular-nums">
        <NarrowLabel>{t('sessions.ends')}</NarrowLabel>
        {dateTime(session.endsAt)}
      </Cell>
      <Cell className="text-right!">
        <EndButton session={session} device={device} />
      </Cell>
    </Row>
  );
}

function EndButton({ session, device }: { session: OwnSession; device: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const words = useFailureWords();
  const signOut = useSignOut();
  const end = useMutation({
    mutationFn: () => endOwnSession(session.id),
    onSuccess: () => showToast({ title: t('sessions.ended'), detail: device }),
    onError: (error) => showToast({ tone: 'bad', title: words(error).message }),
    onSettled: () => queries.invalidateQueries(ownSessionsQuery),
  });
  if (session.current) {
    return (
      <Button size="sm" look="quiet" onPress={signOut}>
        {t('shell.signOut')}
      </Button>
    );
  }
  return (
    <Button
      size="sm"
      aria-label={t('sessions.endOf', { device })}
      isPending={end.isPending}
      onPress={() => end.mutate()}
    >
      {t('sessions.end')}
    </Button>
  );
}
