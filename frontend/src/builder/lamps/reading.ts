/** Lamps in words: what holds, what the record has, why something cannot be known. */
import type { TFunction } from 'i18next';
import { type Comparison, type Condition, fieldsOf } from '../../model/condition';
import type { Words } from '../../model/wording';
import { hiddenBy, type Light, type Sight, valueAt } from './light';

/** Why a lamp is neither on nor off; '' where it is. */
export function whyText(light: Light, words: Words, t: TFunction): string {
  if (light.kind === 'unknown') return t(`lamps.why.${light.why}`, { field: words.field(light.path) });
  if (light.kind === 'error') return t(`faults.${light.reason}`, { defaultValue: light.message });
  return '';
}

function oneValue(path: string, sight: Sight, words: Words): string | null {
  return hiddenBy(sight, path) === null ? words.value(valueAt(sight.data, path) ?? null, path) : null;
}

/** "This lead has: 4": what stands under each field that the comparison reads. */
function readings(
  row: Comparison,
  sight: Sight,
  words: Words,
  t: TFunction,
  record: string,
): readonly string[] {
  const own = /^after\.[^.]+$/;
  return fieldsOf(row).flatMap((path, index) => {
    const value = oneValue(path, sight, words);
    if (value === null) return [];
    if (index > 0 || row.field === null || !own.test(path)) {
      return [t('lamps.other', { field: words.field(path), value })];
    }
    const was = row.op.startsWith('changed')
      ? oneValue(path.replace(/^after/, 'before'), sight, words)
      : null;
    if (was === null) return [t('lamps.has', { record, value })];
    return [was === value ? t('lamps.unchanged', { value }) : t('lamps.was', { was, value })];
  });
}

/** What stands beside a lamp. */
export function lampText(
  condition: Condition,
  light: Light,
  sight: Sight,
  words: Words,
  t: TFunction,
  record: string,
): string {
  const parts = condition.kind === 'comparison' ? readings(condition, sight, words, t, record) : [];
  const why = whyText(light, words, t);
  return [...(why === '' ? [] : [why]), ...parts].join(' · ');
}
