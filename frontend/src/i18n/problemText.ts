/** A problem of a rule in the words of a language: the text of its code, filled with what the check saw. */
import type { TFunction } from 'i18next';
import { humanise, tableName } from '../model/names';
import { firstKnown } from './firstKnown';

type Told = {
  readonly code: string;
  readonly message?: string | null | undefined;
  readonly args?: { readonly [name: string]: unknown } | undefined;
  readonly fix?: { readonly label: string; readonly value?: unknown } | null | undefined;
};

/** Kinds of values, which have words of their own in each language. */
const KINDS = ['found', 'left', 'right', 'wanted'];

/** Codes whose key is a field of a form, not a name that somebody wrote. */
const NAMED = ['missing-text', 'out-of-range'];

/** Codes whose date is one day of one year, told as the language does. */
const DATED = ['calendar-ends', 'holidays-end'];
const fieldOf = (name: string): string => (name === 'key' ? 'field' : name);

/**
 * English from the server stands in for a code that this release of the SPA does not know yet. What was perhaps
 * meant is said by the button of the fix where there is one.
 */
export function problemText(problem: Told, t: TFunction): string {
  const { code, args = {} } = problem;
  const values = Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      said(NAMED.includes(code) ? fieldOf(name) : name, value, t),
    ]),
  );
  if (DATED.includes(code)) values['date'] = t('hours.day', { date: new Date(String(args['date'])) });
  const way = args['way'];
  // What people called a way says more than its key.
  if (typeof way === 'string') values['branch'] = t(`problems.branch.${way}`, { defaultValue: way });
  const context = args['name'] ? 'named' : typeof args['part'] === 'string' ? args['part'] : '';
  const keys = [`problems.code.${code}`, `hours.problem.${code}`];
  const text = firstKnown(keys, { ...values, context }, t) ?? problem.message ?? code;
  const hint = values['suggestion'] && !problem.fix ? t('problems.suggestion', values) : '';
  return hint === '' || text === problem.message ? text : `${text} ${hint}`;
}

/** What the button of a fix says that it will do. `fieldName` gives a column its plain name. */
export function fixText(problem: Told, t: TFunction, fieldName: (path: string) => string): string {
  const { code, args = {}, fix } = problem;
  if (!fix) return '';
  if (code === 'maybe-empty') return t('problems.fix.guard');
  const meant = args['suggestion'];
  if (typeof meant === 'string') {
    if (code === 'unknown-column') return t('problems.fix.meant', { value: fieldName(`after.${meant}`) });
    if (code === 'unknown-variable') return t('problems.fix.meant', { value: fieldName(meant) });
    return t('problems.fix.use', { value: meant });
  }
  switch (typeof fix.value) {
    case 'string':
      return t('problems.fix.useText', { value: fix.value });
    case 'number':
      return t('problems.fix.useNumber', { value: fix.value });
    case 'boolean':
      return t(fix.value ? 'problems.fix.useYes' : 'problems.fix.useNo');
    default:
      return t('problems.fix.mend');
  }
}

function said(name: string, value: unknown, t: TFunction): string {
  if (name === 'field') return t(`problems.field.${String(value)}`, { defaultValue: String(value) });
  if (name === 'branch') return t(`problems.branch.${String(value)}`, { defaultValue: String(value) });
  if (name === 'actual' || name === 'needed')
    return t(`problems.connectionKind.${String(value)}`, { defaultValue: String(value) });
  if (name === 'table' || name === 'references') return tableName(String(value));
  if (name === 'column' || name === 'name') return humanise(String(value));
  if (!Array.isArray(value)) return String(value);
  const words = name === 'columns' ? value.map((one) => humanise(String(one))) : value.map(String);
  if (name === 'chain') return words.join(' → ');
  if (!KINDS.includes(name)) return words.join(', ');
  return words.map((kind) => t(`problems.kind.${kind}`, { defaultValue: kind })).join(' / ');
}
