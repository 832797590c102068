/** Every address of the product: its search params and the room that answers. Rooms are fetched when visited. */
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { sessionQuery } from '../api/session';
import { withWords } from '../i18n';
import { NotFound } from './NotFound';
import { PageError } from './PageError';
import { Shell } from './Shell';
import {
  builderSearch,
  dashboardSearch,
  dataSearch,
  inboxSearch,
  rulesSearch,
  runsSearch,
  settingsSearch,
  signInSearch,
  templatesSearch,
  versionsSearch,
  welcomeSearch,
} from './search';

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
  interface StaticDataRouteOption {
    /** The room draws its own bars and fills the window; the navigation shows icons only. */
    fills?: boolean;
  }
}

interface Context {
  queries: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: NotFound });

const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  validateSearch: welcomeSearch,
  beforeLoad: async ({ context }) => {
    const session = await context.queries.ensureQueryData(sessionQuery);
    if (session.account !== null) throw redirect({ to: '/rules' });
    if (!session.setup_needed) throw redirect({ to: '/sign-in' });
  },
  component: lazyRouteComponent(() => import('../session/WelcomePage')),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: signInSearch,
  beforeLoad: async ({ context }) => {
    const session = await context.queries.ensureQueryData(sessionQuery);
    if (session.account !== null) throw redirect({ to: '/rules' });
    if (session.setup_needed) throw redirect({ to: '/welcome' });
  },
  component: lazyRouteComponent(() => import('../session/SignInPage')),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ context, location }) => {
    const session = await context.queries.ensureQueryData(sessionQuery);
    if (session.account !== null) return;
    if (session.setup_needed) throw redirect({ to: '/welcome' });
    throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } });
  },
  component: Shell,
});

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/rules' });
  },
});

const rules = createRoute({
  getParentRoute: () => shell,
  path: '/rules',
  validateSearch: rulesSearch,
  component: lazyRouteComponent(() => import('../rules/RulesPage')),
});

const rule = createRoute({
  getParentRoute: () => shell,
  path: '/rules/$ruleId',
  validateSearch: builderSearch,
  staticData: { fills: true },
  component: lazyRouteComponent(() => import('../builder/BuilderPage')),
});

const ruleVersions = createRoute({
  getParentRoute: () => shell,
  path: '/rules/$ruleId/versions',
  validateSearch: versionsSearch,
  staticData: { fills: true },
  component: lazyRouteComponent(() => import('../versions/VersionsPage')),
});

const runs = createRoute({
  getParentRoute: () => shell,
  path: '/runs',
  validateSearch: runsSearch,
  component: lazyRouteComponent(() => import('../runs/RunsPage')),
});

const run = createRoute({
  getParentRoute: () => shell,
  path: '/runs/$runId',
  staticData: { fills: true },
  component: lazyRouteComponent(() => import('../runs/detail/RunPage')),
});

const dashboard = createRoute({
  getParentRoute: () => shell,
  path: '/dashboard',
  validateSearch: dashboardSearch,
  component: lazyRouteComponent(() => import('../dashboard/DashboardPage')),
});

const data = createRoute({
  getParentRoute: () => shell,
  path: '/data',
  validateSearch: dataSearch,
  component: lazyRouteComponent(() => import('../data/DataPage')),
});

const connections = createRoute({
  getParentRoute: () => shell,
  path: '/connections',
  component: lazyRouteComponent(() =>
    withWords(import('../connections/ConnectionsPage'), 'connections', 'smsProvider', 'webSystem'),
  ),
});

const templates = createRoute({
  getParentRoute: () => shell,
  path: '/templates',
  validateSearch: templatesSearch,
  component: lazyRouteComponent(() => import('../templates/TemplatesPage')),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  validateSearch: settingsSearch,
  component: lazyRouteComponent(() =>
    withWords(import('../settings/SettingsPage'), 'settings', 'audit', 'audited'),
  ),
});

const inbox = createRoute({
  getParentRoute: () => shell,
  path: '/inbox',
  validateSearch: inboxSearch,
  component: lazyRouteComponent(() => import('../demo/InboxPage')),
});

const tree = root.addChildren([
  welcome,
  signIn,
  shell.addChildren([
    home,
    rules,
    rule,
    ruleVersions,
    runs,
    run,
    dashboard,
    data,
    connections,
    templates,
    settings,
    inbox,
  ]),
]);

export function createAppRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: PageError,
    scrollRestoration: true,
  });
}
