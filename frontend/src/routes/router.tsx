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
import { type LateRoom, withWords } from '../i18n';
import { NotFound } from './NotFound';
import { PageError } from './PageError';
import { Shell } from './Shell';
import {
  approvalsSearch,
  builderSearch,
  callsSearch,
  dashboardSearch,
  dataSearch,
  doNotCallSearch,
  inboxSearch,
  reportsSearch,
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

/** What every page speaks with that says or draws a rule, or tells a run. */
const RULE_WORDS: readonly LateRoom[] = [
  'builder',
  'finding',
  'hook',
  'hours',
  'lamps',
  'problems',
  'runDetail',
  'schedule',
  'starting',
  'steps',
  'ways',
  'why',
];

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

/** What a mailed link opens: for people who need not have an account. */
const approve = createRoute({
  getParentRoute: () => root,
  path: '/approve/$token',
  component: lazyRouteComponent(() => withWords(import('../session/ApprovePage'), 'approval')),
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
  component: lazyRouteComponent(() =>
    withWords(
      import('../rules/RulesPage'),
      ...RULE_WORDS,
      'backtest',
      'importing',
      'problems',
      'timing',
      'versions',
    ),
  ),
});

const rule = createRoute({
  getParentRoute: () => shell,
  path: '/rules/$ruleId',
  validateSearch: builderSearch,
  staticData: { fills: true },
  component: lazyRouteComponent(() =>
    withWords(
      import('../builder/BuilderPage'),
      ...RULE_WORDS,
      'timing',
      'versions',
      'approval',
      'asking',
      'backtest',
      'hours',
      'items',
      'jsonEditor',
      'problems',
      'starting',
    ),
  ),
});

const ruleVersions = createRoute({
  getParentRoute: () => shell,
  path: '/rules/$ruleId/versions',
  validateSearch: versionsSearch,
  staticData: { fills: true },
  component: lazyRouteComponent(() =>
    withWords(import('../versions/VersionsPage'), ...RULE_WORDS, 'problems', 'versions'),
  ),
});

const runs = createRoute({
  getParentRoute: () => shell,
  path: '/runs',
  validateSearch: runsSearch,
  component: lazyRouteComponent(() => withWords(import('../runs/RunsPage'), ...RULE_WORDS)),
});

const run = createRoute({
  getParentRoute: () => shell,
  path: '/runs/$runId',
  staticData: { fills: true },
  component: lazyRouteComponent(() =>
    withWords(import('../runs/detail/RunPage'), ...RULE_WORDS, 'approval', 'audited', 'hours', 'items'),
  ),
});

const approvals = createRoute({
  getParentRoute: () => shell,
  path: '/approvals',
  validateSearch: approvalsSearch,
  component: lazyRouteComponent(() => withWords(import('../approvals/ApprovalsPage'), 'approval')),
});

const reports = createRoute({
  getParentRoute: () => shell,
  path: '/reports',
  validateSearch: reportsSearch,
  component: lazyRouteComponent(() => withWords(import('../reports/ReportsPage'), 'reports')),
});

const calls = createRoute({
  getParentRoute: () => shell,
  path: '/calls',
  validateSearch: callsSearch,
  component: lazyRouteComponent(() => withWords(import('../calls/CallsPage'), 'calls', 'audited')),
});

const doNotCall = createRoute({
  getParentRoute: () => shell,
  path: '/calls/do-not-call',
  validateSearch: doNotCallSearch,
  component: lazyRouteComponent(() => withWords(import('../calls/DoNotCallPage'), 'calls', 'audited')),
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
  component: lazyRouteComponent(() => withWords(import('../data/DataPage'), ...RULE_WORDS)),
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
  component: lazyRouteComponent(() => withWords(import('../templates/TemplatesPage'), ...RULE_WORDS)),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  validateSearch: settingsSearch,
  component: lazyRouteComponent(() =>
    withWords(import('../settings/SettingsPage'), 'settings', 'audit', 'audited', 'calendars', 'hours'),
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
  approve,
  shell.addChildren([
    home,
    rules,
    rule,
    ruleVersions,
    runs,
    run,
    calls,
    doNotCall,
    reports,
    approvals,
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
