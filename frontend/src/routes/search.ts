/** What an address may carry after its question mark; anything else is dropped. Pure. */
import {
  PERIODS,
  type Period,
  RUN_STATES,
  type RuleFilter,
  type RuleSort,
  type RunState,
  TEMPLATE_CATEGORIES,
} from '../api/types';

type Raw = Record<string, unknown>;

function text(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

function id(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number > 0 ? number : undefined;
}

/** A table with its connection: `connection schema.table`. */
function tableOf(value: unknown): string | undefined {
  const found = text(value);
  return found !== undefined && found.length <= 300 && /^\S+ .+$/.test(found) ? found : undefined;
}

/** A record's whole key by column. */
function whole(value: unknown): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.keys(value).length > 0 ? { ...value } : undefined;
}

function oneOf<T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find((one) => one === value);
}

/** Leaves out what is undefined, so that addresses stay short. */
function kept<T extends object>(found: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const out: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const key in found) {
    const value = found[key];
    if (value !== undefined) Object.assign(out, { [key]: value });
  }
  return out;
}

export const RULE_FILTERS: readonly RuleFilter[] = ['all', 'on', 'draft', 'attention'];
export const RULE_SORTS: readonly RuleSort[] = [
  'name',
  '-name',
  '-last_run',
  'last_run',
  '-runs',
  'runs',
  '-failures',
  'failures',
];
export const RUN_PERIODS = ['1h', '24h', '7d', '30d'] as const;
export type RunPeriod = (typeof RUN_PERIODS)[number];
export const SETTINGS_TABS = ['account', 'people', 'keys', 'calendars', 'audit', 'storage'] as const;
export type SettingsTab = (typeof SETTINGS_TABS)[number];

export function rulesSearch(raw: Raw) {
  return kept({
    search: text(raw['search']),
    status: oneOf(RULE_FILTERS, raw['status']),
    sort: oneOf(RULE_SORTS, raw['sort']),
    archived: raw['archived'] === true ? true : undefined,
    about: tableOf(raw['about']),
    import: raw['import'] === true ? true : undefined,
  });
}

export function runsSearch(raw: Raw) {
  return kept({
    rule: id(raw['rule']),
    version: id(raw['version']),
    state: oneOf<RunState | 'unknown' | 'held'>([...RUN_STATES, 'unknown', 'held'], raw['state']),
    period: oneOf(RUN_PERIODS, raw['period']),
    table: text(raw['table']),
    key: text(raw['key']),
  });
}

export function callsSearch(raw: Raw) {
  return kept({
    list: text(raw['list']),
    state: oneOf(['done'] as const, raw['state']),
    find: text(raw['find']),
  });
}

export function doNotCallSearch(raw: Raw) {
  return kept({ find: text(raw['find']) });
}

export function reportsSearch(raw: Raw) {
  return kept({ rule: id(raw['rule']) });
}

/** `a` and `b`: which two are compared, each a number or `draft`; the room chooses where one is missing. */
export function versionsSearch(raw: Raw) {
  const which = (value: unknown): number | 'draft' | undefined => (value === 'draft' ? value : id(value));
  return kept({ a: which(raw['a']), b: which(raw['b']), step: text(raw['step']) });
}

export function builderSearch(raw: Raw) {
  return kept({
    step: text(raw['step']),
    problem: text(raw['problem']),
    run: id(raw['run']),
    table: text(raw['table']),
    key: text(raw['key']),
    version: id(raw['version']),
    view: text(raw['view']),
  });
}

export function dashboardSearch(raw: Raw) {
  return kept({ period: oneOf<Period>(PERIODS, raw['period']) });
}

export function dataSearch(raw: Raw) {
  return kept({
    connection: id(raw['connection']),
    table: text(raw['table']),
    record: whole(raw['record']),
    event: id(raw['event']),
    rule: id(raw['rule']),
  });
}

/** `use`: the template whose questions are open. */
export function templatesSearch(raw: Raw) {
  return kept({
    search: text(raw['search']),
    category: oneOf(TEMPLATE_CATEGORIES, raw['category']),
    use: text(raw['use']),
  });
}

export function settingsSearch(raw: Raw) {
  return kept({ tab: oneOf(SETTINGS_TABS, raw['tab']) });
}

export function inboxSearch(raw: Raw) {
  return kept({ kind: oneOf(['mail', 'sms', 'hook'] as const, raw['kind']), message: text(raw['message']) });
}

export function approvalsSearch(raw: Raw) {
  return kept({
    whose: oneOf(['mine', 'all'] as const, raw['whose']),
    which: oneOf(['open', 'done'] as const, raw['which']),
  });
}

export function welcomeSearch(raw: Raw) {
  return kept({ token: text(raw['token']) });
}

/** Only an address inside the product: `//elsewhere` and `https:` are refused. */
export function signInSearch(raw: Raw) {
  const next = text(raw['next']);
  return kept({ next: next !== undefined && /^\/(?![/\\])/.test(next) ? next : undefined });
}
