import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { activitySearch } from './activity/activity-queries.ts';
import { firewallSearch, historySearch, outputSearch, reviewSearch } from './firewall/firewall-search.ts';
import { hostSearch } from './hosts/host-queries.ts';
import { parseSearch, printSearch, understood } from './http/list-search.ts';
import { queryClient } from './http/query-client.ts';
import { openWords } from './i18n/setup.ts';
import { instanceHistorySearch } from './instances/history/history-queries.ts';
import { instanceListSearch, instancesQuery } from './instances/instance-queries.ts';
import { InstancesPage } from './instances/list/instances-page.tsx';
import { publicIpListSearch, publicIpsQuery } from './public-ips/public-ip-queries.ts';
import { referenceSearch } from './reference/reference-queries.ts';
import { copySearch } from './rollouts/copy-search.ts';
import { routesReviewSearch, routingSearch } from './routing/routing-search.ts';
import { installationQuery, sessionQuery } from './session/session-queries.ts';
import { AppShell } from './shell/app-shell.tsx';
import { NotFound, PageFailure, Root } from './shell/root.tsx';
import { tasksSearch } from './tasks/tasks-search.ts';

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Root,
});

/** Where to go after signing in: a path of this console, never another site. */
function localPath(value: unknown): string {
  return typeof value === 'string' && /^\/(?![/\\])/.test(value) ? value : '/instances';
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    search.next === undefined ? {} : { next: localPath(search.next) },
  beforeLoad: async ({ context, search }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (session) throw redirect({ href: localPath(search.next), replace: true });
  },
  loader: ({ context }) => void context.queryClient.prefetchQuery(installationQuery),
  component: lazyRouteComponent(() => import('./session/sign-in-page.tsx'), 'SignInPage'),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ context, location }) => {
    void context.queryClient.prefetchQuery(installationQuery);
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (!session) {
      const next = location.href === '/' ? {} : { next: location.href };
      throw redirect({ to: '/sign-in', search: next, replace: true });
    }
  },
  component: AppShell,
});

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/instances', replace: true });
  },
});

const instances = createRoute({
  getParentRoute: () => shell,
  path: '/instances',
  validateSearch: understood(instanceListSearch),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(instancesQuery(deps)),
  component: InstancesPage,
});

const publicIps = createRoute({
  getParentRoute: () => shell,
  path: '/public-ips',
  validateSearch: understood(publicIpListSearch),
  loaderDeps: ({ search }) => search,
  beforeLoad: () => openWords('publicIp'),
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(publicIpsQuery(deps)),
  component: lazyRouteComponent(() => import('./public-ips/public-ips-page.tsx'), 'PublicIpsPage'),
});

const activity = createRoute({
  getParentRoute: () => shell,
  path: '/activity',
  validateSearch: understood(activitySearch),
  beforeLoad: () => openWords('activity'),
  component: lazyRouteComponent(() => import('./activity/activity-page.tsx'), 'ActivityPage'),
});

const hosts = createRoute({
  getParentRoute: () => shell,
  path: '/hosts',
  validateSearch: understood(hostSearch),
  beforeLoad: () => openWords('hosts'),
  component: lazyRouteComponent(() => import('./hosts/hosts-page.tsx'), 'HostsPage'),
});

const reference = createRoute({
  getParentRoute: () => shell,
  path: '/reference',
  validateSearch: understood(referenceSearch),
  beforeLoad: () => openWords('reference'),
  component: lazyRouteComponent(() => import('./reference/reference-page.tsx'), 'ReferencePage'),
});

const sessions = createRoute({
  getParentRoute: () => shell,
  path: '/sessions',
  beforeLoad: () => openWords('sessions'),
  component: lazyRouteComponent(() => import('./session/sessions-page.tsx'), 'SessionsPage'),
});

const tasks = createRoute({
  getParentRoute: () => shell,
  path: '/tasks',
  validateSearch: understood(tasksSearch),
  beforeLoad: () => openWords('lifecycle'),
  component: lazyRouteComponent(() => import('./tasks/tasks-page.tsx'), 'TasksPage'),
});

const createInstance = createRoute({
  getParentRoute: () => shell,
  path: '/instances/new',
  beforeLoad: () => openWords('lifecycle'),
  component: lazyRouteComponent(() => import('./instances/lifecycle/create-page.tsx'), 'CreateInstancePage'),
});

const instance = createRoute({
  getParentRoute: () => shell,
  path: '/instances/$instanceId',
  component: lazyRouteComponent(() => import('./instances/instance-layout.tsx'), 'InstanceLayout'),
});

const instanceHome = createRoute({
  getParentRoute: () => instance,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/instances/$instanceId/details', params, replace: true });
  },
});

const details = createRoute({
  getParentRoute: () => instance,
  path: '/details',
  beforeLoad: () => openWords('instance', 'lifecycle'),
  component: lazyRouteComponent(() => import('./instances/details/details-tab.tsx'), 'DetailsTab'),
});

const instanceHistory = createRoute({
  getParentRoute: () => instance,
  path: '/history',
  validateSearch: understood(instanceHistorySearch),
  beforeLoad: () => openWords('instance', 'activity'),
  component: lazyRouteComponent(() => import('./instances/history/history-tab.tsx'), 'HistoryTab'),
});

const network = createRoute({
  getParentRoute: () => instance,
  path: '/network',
  beforeLoad: () => openWords('instance'),
  component: lazyRouteComponent(() => import('./instances/network/network-tab.tsx'), 'NetworkTab'),
});

const routing = createRoute({
  getParentRoute: () => instance,
  path: '/routing',
  validateSearch: understood(routingSearch),
  beforeLoad: () => openWords('firewall', 'routing'),
  component: lazyRouteComponent(() => import('./routing/routing-tab.tsx'), 'RoutingTab'),
});

const routesReview = createRoute({
  getParentRoute: () => shell,
  path: '/instances/$instanceId/routing/review',
  validateSearch: understood(routesReviewSearch),
  beforeLoad: () => openWords('firewall', 'routing'),
  component: lazyRouteComponent(() => import('./routing/review/review-page.tsx'), 'RoutesReviewPage'),
});

const firewall = createRoute({
  getParentRoute: () => instance,
  path: '/firewall',
  beforeLoad: () => openWords('firewall'),
  component: lazyRouteComponent(() => import('./firewall/firewall-tab.tsx'), 'FirewallTab'),
});

const rules = createRoute({
  getParentRoute: () => firewall,
  path: '/',
  validateSearch: understood(firewallSearch),
  component: lazyRouteComponent(() => import('./firewall/rules/rules-view.tsx'), 'RulesView'),
});

const output = createRoute({
  getParentRoute: () => firewall,
  path: '/output',
  validateSearch: understood(outputSearch),
  component: lazyRouteComponent(() => import('./firewall/output/output-view.tsx'), 'OutputView'),
});

const packet = createRoute({
  getParentRoute: () => firewall,
  path: '/packet',
  component: lazyRouteComponent(() => import('./firewall/packet/packet-view.tsx'), 'PacketView'),
});

const history = createRoute({
  getParentRoute: () => firewall,
  path: '/history',
  validateSearch: understood(historySearch),
  component: lazyRouteComponent(() => import('./firewall/history/history-view.tsx'), 'HistoryView'),
});

// beside the instance's tabs, not beneath them: nothing else is in view when a host is about to change
const review = createRoute({
  getParentRoute: () => shell,
  path: '/instances/$instanceId/firewall/review',
  validateSearch: understood(reviewSearch),
  beforeLoad: () => openWords('firewall'),
  component: lazyRouteComponent(() => import('./firewall/review/review-page.tsx'), 'ReviewPage'),
});

const copyRules = createRoute({
  getParentRoute: () => shell,
  path: '/instances/$instanceId/firewall/copy',
  validateSearch: understood(copySearch),
  beforeLoad: () => openWords('firewall', 'rollout'),
  component: lazyRouteComponent(() => import('./rollouts/copy-page.tsx'), 'CopyPage'),
});

const rollout = createRoute({
  getParentRoute: () => shell,
  path: '/rollouts/$rolloutId',
  beforeLoad: () => openWords('rollout'),
  component: lazyRouteComponent(() => import('./rollouts/rollout-page.tsx'), 'RolloutPage'),
});

const undoRollout = createRoute({
  getParentRoute: () => shell,
  path: '/rollouts/$rolloutId/undo',
  beforeLoad: () => openWords('firewall', 'rollout'),
  component: lazyRouteComponent(() => import('./rollouts/undo-page.tsx'), 'UndoPage'),
});

const unknown = createRoute({ getParentRoute: () => shell, path: '$', component: NotFound });

/** All parts on one page, for whoever works on them. A release is built without it, and the address is unknown there. */
const gallery = import.meta.env.DEV
  ? [
      createRoute({
        getParentRoute: () => root,
        path: '/ui',
        component: lazyRouteComponent(() => import('./gallery/gallery-page.tsx'), 'GalleryPage'),
      }),
    ]
  : [];

// the shell and the list are the way in: they travel in one file, everything else when it is opened
const routeTree = root.addChildren([
  signIn,
  shell.addChildren([
    home,
    instances,
    publicIps,
    activity,
    hosts,
    sessions,
    reference,
    unknown,
    review,
    routesReview,
    copyRules,
    rollout,
    undoRollout,
    createInstance,
    tasks,
    instance.addChildren([
      instanceHome,
      details,
      network,
      routing,
      firewall.addChildren([rules, packet, output, history]),
      instanceHistory,
    ]),
  ]),
  ...gallery,
]);

export const router = createRouter({
  routeTree,
  context: { queryClient },
  parseSearch,
  stringifySearch: printSearch,
  defaultPreload: 'intent',
  // TanStack Query decides what is fresh
  defaultPreloadStaleTime: 0,
  defaultErrorComponent: PageFailure,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
