/** Why a table cannot be watched, or is not captured any more, and what to do, in the words of a language. */
import type { TFunction } from 'i18next';
import type { TableSummary } from '../api/types';

export function notWatchedText(
  { why_code: code, name, key }: Pick<TableSummary, 'why_code' | 'name' | 'key'>,
  t: TFunction,
): string {
  if (code === '') return t('data.notWatchable');
  return t(`data.whyNot.${code}`, { table: name, key: key.join(', ') });
}
