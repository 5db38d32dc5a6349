import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { switchWords } from '../i18n/setup.ts';
import { instancesQuery } from '../instances/instance-queries.ts';
import { useReason } from '../instances/use-instance-actions.ts';
import { useSignOut } from '../session/use-sign-out.ts';
import { language, storeLanguage, storeTheme } from '../shell/preferences.ts';
import type { PaletteEntry } from './entries.ts';

const pages = [
  { to: '/instances', label: 'instances.title', words: 'instance server 서버' },
  { to: '/public-ips', label: 'publicIps.title', words: 'public ip 주소' },
  { to: '/activity', label: 'shell.activity', words: 'activity audit 활동 기록' },
  { to: '/tasks', label: 'shell.tasks', words: 'tasks operations 작업' },
  { to: '/hosts', label: 'shell.hosts', words: 'hosts agents 에이전트' },
  { to: '/sessions', label: 'shell.sessions', words: 'sessions 로그인' },
  { to: '/reference', label: 'shell.reference', words: 'api reference openapi 참조' },
] as const;

const places = [
  { to: '/instances/$instanceId/network', label: 'network.title', words: 'network' },
  { to: '/instances/$instanceId/routing', label: 'network.routing', words: 'routing routes' },
  { to: '/instances/$instanceId/firewall', label: 'firewall.title', words: 'firewall iptables rule' },
] as const;

/** Found by what is typed, and not in the way where nothing is. */
const furtherPlaces = [
  { to: '/instances/$instanceId/details', label: 'instanceTabs.details', words: 'details overview 정보' },
  { to: '/instances/$instanceId/history', label: 'instanceTabs.history', words: 'history action log 이력' },
] as const;

// what fits beneath the field without scrolling for long
const mostInstances = 6;

/** Pages, places of the instances that the typed text finds, and what can be done from anywhere. */
export function useEntries(typed: string): PaletteEntry[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const reason = useReason();
  const signOut = useSignOut();
  // the first word names the instance; what follows may name the place
  const q = typed.trim().split(/\s+/)[0] ?? '';
  const list = useQuery({ ...instancesQuery(q ? { q } : {}), placeholderData: keepPreviousData });
  const instances = (list.data?.instances ?? []).slice(0, mostInstances);
  const other = language() === 'ko' ? 'en' : 'ko';
  return [
    ...pages.map(
      ({ to, label, words }): PaletteEntry => ({
        id: to,
        group: 'pages',
        label: t(label),
        words,
        run: () => void navigate({ to }),
      }),
    ),
    ...instances.flatMap(({ id, name, networkInterfaces }) =>
      [...places, ...(typed.trim() === '' ? [] : furtherPlaces)].map(
        ({ to, label, words }): PaletteEntry => ({
          id: `${id} ${to}`,
          group: 'instances',
          label: name,
          detail: t(label),
          words: [words, id, ...networkInterfaces.flatMap(addressesOf)].join(' '),
          run: () => void navigate({ to, params: { instanceId: id } }),
        }),
      ),
    ),
    ...(reason('instance.create') === null
      ? [
          {
            id: 'create',
            group: 'actions' as const,
            label: t('instances.create'),
            words: 'create',
            run: () => void navigate({ to: '/instances/new' }),
          },
        ]
      : []),
    {
      id: 'language',
      group: 'actions',
      label: t(other === 'ko' ? 'shell.korean' : 'shell.english'),
      detail: t('shell.language'),
      words: 'language english korean 언어',
      run: () => {
        storeLanguage(other);
        void switchWords(other);
      },
    },
    ...(['light', 'dark', 'system'] as const).map(
      (theme): PaletteEntry => ({
        id: theme,
        group: 'actions',
        label: t(`theme.${theme}`),
        detail: t('shell.theme'),
        words: `theme ${theme}`,
        run: () => storeTheme(theme),
      }),
    ),
    {
      id: 'sign-out',
      group: 'actions',
      label: t('shell.signOut'),
      words: 'sign out log out',
      run: () => void signOut(),
    },
  ];
}

function addressesOf({
  privateIp,
  publicIp,
}: {
  privateIp: string | null;
  publicIp: { address: string } | null;
}): string[] {
  return [privateIp, publicIp?.address].filter((address) => typeof address === 'string');
}
