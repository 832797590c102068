/** Everything that the search offers for what is typed. */
import { useMantineColorScheme } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useCreateRule, useRuleNames } from '../api/rules';
import { type FoundRecord, numberIn, useFoundRecords, useRunNumbered } from '../api/search';
import { useChangeAccount, useMay, useSession } from '../api/session';
import type { RunSummary } from '../api/types';
import { LANGUAGE_NAMES, LANGUAGES, showLanguage } from '../i18n';
import { useAids } from '../ui/aids';
import { hasWords } from '../ui/fold';
import { useProblemText } from '../ui/States';
import { toastError } from '../ui/toast';
import { type Entry, type Place, recentFirst, toPlace } from './entries';

const PAGES = [
  ['/rules', 'ui.nav.rules'],
  ['/runs', 'ui.nav.runs'],
  ['/approvals', 'ui.nav.approvals'],
  ['/calls', 'ui.nav.calls'],
  ['/calls/do-not-call', 'search.page.doNotCall'],
  ['/dashboard', 'ui.nav.dashboard'],
  ['/data', 'ui.nav.data'],
  ['/reports', 'ui.nav.reports'],
  ['/connections', 'ui.nav.connections'],
  ['/templates', 'ui.nav.templates'],
  ['/inbox', 'ui.nav.inbox'],
  ['/settings?tab=calendars', 'search.page.calendars'],
  ['/settings', 'ui.nav.settings'],
] as const;
const MOST_RULES = 6;
const MOST_RUNS_OF = 3;
const SCHEMES = ['light', 'dark', 'auto'] as const;

function usePages(): Entry[] {
  const { t } = useTranslation();
  const demo = useSession().data?.demo ?? false;
  return PAGES.filter(([href]) => href !== '/inbox' || demo).map(([href, words]) =>
    toPlace({ kind: 'pages', href, label: t(words), hint: '' }),
  );
}

/** What can be done from anywhere, as far as the person may. */
function useActions(): Entry[] {
  const { t } = useTranslation();
  const router = useRouter();
  const aids = useAids();
  const create = useCreateRule();
  const account = useChangeAccount();
  const words = useProblemText();
  const mayEdit = useMay('editor');
  const { setColorScheme } = useMantineColorScheme();
  const act = (icon: string, label: string, perform: () => void, id = icon): Entry => ({
    id: `actions:${id}`,
    group: 'actions',
    label,
    hint: '',
    icon,
    place: null,
    perform,
  });
  const newRule = () =>
    create.mutate(
      { name: t('rules.newName') },
      {
        onSuccess: ({ id }) => void router.navigate({ to: '/rules/$ruleId', params: { ruleId: String(id) } }),
        onError: (error) => toastError(words(error)),
      },
    );
  const { tour } = aids;
  return [
    ...(mayEdit
      ? [
          act('new', t('rules.new'), newRule),
          act(
            'import',
            t('importing.title'),
            () => void router.navigate({ to: '/rules', search: { import: true } }),
          ),
        ]
      : []),
    act('help', t('search.action.help'), () => aids.help()),
    ...(tour === null ? [] : [act('tour', t('search.action.tour'), tour)]),
    ...SCHEMES.map((scheme) => act(scheme, t(`search.action.${scheme}`), () => setColorScheme(scheme))),
    ...LANGUAGES.map((language) =>
      act(
        'language',
        t('search.action.language', { language: LANGUAGE_NAMES[language] }),
        () => {
          void showLanguage(language);
          account.mutate({ language });
        },
        language,
      ),
    ),
  ];
}

function ofRun(run: RunSummary, t: TFunction): Entry {
  return toPlace({
    kind: 'runs',
    href: `/runs/${run.id}`,
    label: t('search.run', { number: run.id, rule: run.rule_name }),
    hint: [run.record_label, t(`ui.runState.${run.state}`)].filter((one) => one !== '').join(' · '),
  });
}

function nameOf({ record }: FoundRecord): string {
  const { record_key: key, label } = record;
  return label.includes(key) ? label : `${label} #${key}`;
}

export interface Offer {
  entries: Entry[];
  /** Something is still on its way. */
  searching: boolean;
  /** Tables that did not answer, by label. */
  silent: string[];
}

/** `search` is what was typed, trimmed and waited for. */
export function useEntries(search: string, recent: readonly Place[]): Offer {
  const { t } = useTranslation();
  const router = useRouter();
  const mayRead = useMay('editor');
  const pages = usePages();
  const actions = useActions();
  const asked = search.replace(/^#(?=\d)/, '');
  const rules = useRuleNames(search);
  const run = useRunNumbered(numberIn(search));
  const records = useFoundRecords(asked, mayRead);
  if (search === '') {
    const lately = recent.map((place) => toPlace(place, 'recent'));
    return { entries: [...lately, ...actions, ...pages], searching: false, silent: [] };
  }
  const named = (rules.data ?? [])
    .slice(0, MOST_RULES)
    .map(({ id, name }) => toPlace({ kind: 'rules', href: `/rules/${id}`, label: name, hint: '' }));
  const recordsFound = records.data?.items ?? [];
  const ofRecords = recordsFound.map((one) => {
    const to = { connection: one.connectionId, table: one.table, record: one.record.key };
    const { href } = router.buildLocation({ to: '/data', search: to });
    return toPlace({ kind: 'records', href, label: nameOf(one), hint: one.tableLabel });
  });
  // What ran for the first of them stands below all of them, so that no record is pushed out of sight.
  const runsOf = recordsFound.slice(0, MOST_RUNS_OF).map((one) => {
    const to = { table: one.table, key: one.record.record_key };
    const { href } = router.buildLocation({ to: '/runs', search: to });
    const label = t('search.runsOf', { record: nameOf(one) });
    return toPlace({ kind: 'runs', href, label, hint: one.tableLabel }, 'records');
  });
  const found = [
    ...named,
    ...(run.data ?? []).map((one) => ofRun(one, t)),
    ...ofRecords,
    ...runsOf,
    ...[...actions, ...pages].filter((entry) => hasWords(entry.label, search)),
  ];
  return {
    entries: recentFirst(found, recent),
    searching: rules.isFetching || run.isFetching || records.isFetching,
    silent: records.data?.silent ?? [],
  };
}
