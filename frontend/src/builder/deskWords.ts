/** What the steps that share work out were given, in words: the rule holds people, choices and priorities as codes. */
import type { TFunction } from 'i18next';
import { asValue } from '../canvas/story';
import { dateText, shown } from '../canvas/words';
import { isList, isObject, type JSONValue } from '../model/json';
import { personRow } from '../model/people';
import type { Words } from '../model/wording';

const CHOICES: Readonly<Record<string, string>> = {
  'assign.by': 'desk.how',
  'queue_call.again': 'desk.again',
  'queue_call.priority': 'desk.priority',
};

/** The label of a field where the form names it by more than its own name. */
export function deskLabel(kind: string, name: string, t: TFunction): string | null {
  if (kind !== 'assign') return null;
  if (name === 'count_table') return t('desk.countIn');
  return name === 'count_column' ? t('desk.countColumn') : null;
}

function momentText(moment: string, locale: string): string {
  return dateText(moment, /^\d{4}-\d\d-\d\d$/.test(moment) ? 'date' : 'timestamp', locale);
}

function person(item: JSONValue): string {
  const { person: who, weight } = personRow(item);
  return weight === 1 ? shown(who) : `${shown(who)} × ${shown(weight)}`;
}

/** The values that somebody's work is counted by, field by field. */
function counted(where: JSONValue, table: string, words: Words, t: TFunction): string {
  if (!isObject(where)) return shown(where);
  return Object.entries(where)
    .map(([column, value]) => {
      const path = `after.${column}`;
      const values = (isList(value) ? value : [value]).map((one) => words.value(one, path, table));
      return `${words.field(path, table)}${t('look.colon')}${words.list(values, 'or')}`;
    })
    .join(' · ');
}

/** Null where the value says itself what it is. `table`: the one that is written; '' for that of the rule. */
export function deskWords(
  kind: string,
  name: string,
  fields: Readonly<Record<string, unknown>>,
  words: Words,
  t: TFunction,
  locale: string,
): string | null {
  const value = asValue(fields[name]);
  const choice = CHOICES[`${kind}.${name}`];
  if (choice !== undefined) return t(`${choice}.${shown(value)}`, { defaultValue: shown(value) });
  const textOf = (field: string): string => (typeof fields[field] === 'string' ? fields[field] : '');
  if (kind === 'queue_call') {
    if (name === 'country') return shown(value).replace(/^\+?/, '+');
    return name === 'due' || name === 'until' ? momentText(shown(value), locale) : null;
  }
  if (kind !== 'assign') return null;
  const table = textOf('table');
  const countedIn = textOf('count_table') || table;
  switch (name) {
    case 'people':
    case 'away':
      return isList(value) ? words.list(value.map(person), 'and') : null;
    case 'taken':
      return value === 'keep' ? t('desk.keep') : '';
    case 'column':
      return words.field(`after.${textOf(name)}`, table);
    case 'count_column':
      return words.field(`after.${textOf(name)}`, countedIn);
    case 'count_table':
      return words.table(textOf(name));
    case 'count_where':
      return counted(value, countedIn, words, t);
    default:
      return null;
  }
}
