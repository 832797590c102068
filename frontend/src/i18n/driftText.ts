/** What no longer fits between a rule and its tables, in the words of a language. */
import type { TFunction } from 'i18next';
import { problemText } from './problemText';

type Told = Parameters<typeof problemText>[0];

/** The first reason, and how many more there are. */
export function driftText(problems: readonly Told[], t: TFunction): string {
  const [first, ...more] = problems;
  if (first === undefined) return '';
  const rest = more.length === 0 ? '' : ` ${t('drift.more', { count: more.length })}`;
  return `${t('faults.table-changed', { problem: problemText(first, t) })}${rest}`;
}
