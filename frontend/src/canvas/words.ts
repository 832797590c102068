/** The language at hand for sentences and cards: templates from i18n, names and values from the live tables. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { JSONValue } from '../model/json';
import { humanise, leadName, tableName } from '../model/names';
import { todayOf } from '../model/today';
import { fill, plain, type Words } from '../model/wording';
import { useLocale } from '../ui/locale';
import { hoursText } from './hoursWords';
import { scheduleText } from './scheduleWords';
import { todayText, todayValue } from './today';

export type ColumnType =
  | 'text'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'time'
  | 'uuid'
  | 'json'
  | 'array'
  | 'other';

export type ColumnFacts = {
  readonly name: string;
  readonly label: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  readonly choices: readonly string[];
  /** The table that this column alone leads to. */
  readonly references?: string | null;
  /** May rules read it, where another table leads here? */
  readonly readable?: boolean;
  /** Is it left out of what is captured, so that no rule reads it from elsewhere? */
  readonly left_out?: boolean;
};

/** What is known of the tables that a rule speaks of. */
export type Tables = {
  /** Does another system send what starts the rule? */
  readonly sent?: boolean;
  /** A field by its path; of another table than the rule's own when one is named. */
  readonly column: (path: string, table?: string) => ColumnFacts | undefined;
  /** All columns of a table that the rule speaks of. */
  readonly columnsOf: (table: string) => readonly ColumnFacts[];
  readonly tableLabel: (table: string) => string | undefined;
  readonly stepTitle: (id: string) => string | undefined;
};

export const NO_TABLES: Tables = {
  column: () => undefined,
  columnsOf: () => [],
  tableLabel: () => undefined,
  stepTitle: () => undefined,
};

/** One of a table's records as a noun: "Leads" → "lead". For English phrases. */
export function nounOf(table: string): string {
  return singular(table.toLowerCase());
}

function singular(noun: string): string {
  if (/ies$/.test(noun)) return noun.replace(/ies$/, 'y');
  if (/(ses|xes|ches|shes)$/.test(noun)) return noun.replace(/es$/, '');
  return /[^s]s$/.test(noun) ? noun.slice(0, -1) : noun;
}

/** A label inside a phrase: English writes "Owner’s email", but keeps "ID" and "E-mail". */
function inside(label: string, language: string): string {
  return language.startsWith('en') && /^[A-Z][a-z ]/.test(label)
    ? label.charAt(0).toLowerCase() + label.slice(1)
    : label;
}

function valueText(
  value: JSONValue,
  column: ColumnFacts | undefined,
  language: string,
  say: (key: string) => string,
): string {
  if (value === null) return say('value.nothing');
  if (typeof value === 'boolean') return say(value ? 'value.yes' : 'value.no');
  if (typeof value === 'number')
    return new Intl.NumberFormat(language, { maximumFractionDigits: 6 }).format(value);
  if (typeof value !== 'string') return JSON.stringify(value);
  if (value === '') return say('value.noText');
  if (column && column.choices.length > 0) return humanise(value);
  if (column?.type === 'date' || column?.type === 'timestamp') return dateText(value, column.type, language);
  return value;
}

/** An ISO date or moment as the language writes it; what is none stays as it is. */
export function dateText(value: string, type: 'date' | 'timestamp', language: string): string {
  const at = new Date(/[zZ]|[+-]\d\d:?\d\d$/.test(value) || type === 'date' ? value : `${value}Z`);
  if (Number.isNaN(at.getTime())) return value;
  return type === 'date'
    ? at.toLocaleDateString(language, { dateStyle: 'medium', timeZone: 'UTC' })
    : at.toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });
}

const LAST_PART: Readonly<Record<string, string>> = {
  now: 'field.now',
  batch: 'field.batch',
  item: 'field.item',
  index: 'field.index',
  'event.at': 'field.eventAt',
  'event.actor': 'field.actor',
};

/** The list that a search found is no field of a table: it has its own name. */
const FOUND = 'output.records';

export function makeWords(
  say: (key: string, values?: Record<string, unknown>) => string,
  language: string,
  tables: Tables,
): Words {
  const inWords = (key: string, slots: Record<string, string>): string => plain(fill(say(key), slots));
  const field = (path: string, table = ''): string => {
    const today = todayOf(path);
    if (today) return todayText(today, say, language);
    const known = LAST_PART[path];
    if (known) return say(known);
    const column = tables.column(path, table);
    const [root = '', ...rest] = path.split('.');
    const found = root === 'steps' && rest.slice(1).join('.') === FOUND;
    const name = column?.label ?? (found ? say('field.found') : humanise(rest.at(-1) ?? root));
    if ((root === 'related' || root === 'record') && rest.length > 1)
      return inWords('field.related', { record: leadName(rest[0] ?? ''), field: inside(name, language) });
    if (root === 'before') return inWords('field.before', { field: name });
    if (root === 'steps') {
      const own = rest[2] === 'before' ? inWords('field.before', { field: name }) : name;
      return inWords('field.ofStep', { step: tables.stepTitle(rest[0] ?? '') ?? rest[0] ?? '', field: own });
    }
    return name;
  };
  const table = (name: string): string => tables.tableLabel(name) ?? tableName(name);
  const record = (name: string): string => {
    if (name === '') return say('record.any');
    const one = language.startsWith('en') ? singular(table(name).toLowerCase()) : table(name);
    return inWords(/^[aeiou]/.test(one) ? 'record.an' : 'record.a', { name: one });
  };
  const duration = (amount: number, unit: string): string => say(`duration.${unit}`, { count: amount });
  const list = (items: readonly string[], join: 'and' | 'or'): string =>
    items.length === 0
      ? '…'
      : new Intl.ListFormat(language, { type: join === 'and' ? 'conjunction' : 'disjunction' }).format(items);
  return {
    sent: tables.sent ?? false,
    phrase: (key) => say(key),
    field,
    value: (value, path, table = '') =>
      todayValue(value, path, language) ??
      valueText(value, path === null ? undefined : tables.column(path, table), language, (key) => say(key)),
    record,
    table,
    duration,
    list,
    schedule: (schedule) => scheduleText(schedule, { inWords, duration, list, language }),
    hours: (hours) => hoursText(hours, { inWords, list, language }),
  };
}

export function useWords(tables: Tables): Words {
  const { t } = useTranslation();
  const locale = useLocale();
  return useMemo(
    () => makeWords((key, values) => String(t(`builder.${key}`, values ?? {})), locale, tables),
    [t, locale, tables],
  );
}

/** A recorded value as short text, whatever its type. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
