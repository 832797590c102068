/** What a sample answer teaches: the fields that later steps can use, and a sample that is short enough to keep. Pure. */
import { isList, isObject, type JSONValue } from './json';

export type SampleType = 'text' | 'number' | 'boolean' | 'list' | 'object' | 'other';
export type SampleField = { readonly path: string; readonly type: SampleType };

const MOST_FIELDS = 60;
const MOST_LEVELS = 5;
const LONGEST_TEXT = 80;
const LONGEST_LIST = 2;

function typeOf(value: JSONValue): SampleType {
  if (isList(value)) return 'list';
  if (isObject(value)) return 'object';
  if (typeof value === 'string') return 'text';
  return typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'other';
}

/** Every plain value and every list in it by its path, in order; of a list the first item stands for all. */
export function sampleFields(sample: JSONValue): readonly SampleField[] {
  const fields: SampleField[] = [];
  const walk = (value: JSONValue, path: string, level: number): void => {
    if (fields.length >= MOST_FIELDS) return;
    const type = typeOf(value);
    if (path !== '' && (type !== 'object' || level === MOST_LEVELS)) fields.push({ path, type });
    if (level === MOST_LEVELS) return;
    const inside: readonly (readonly [string, JSONValue])[] = isList(value)
      ? value.slice(0, 1).map((one, index) => [String(index), one])
      : isObject(value)
        ? Object.entries(value).filter(([key]) => key !== '' && !key.includes('.'))
        : [];
    for (const [key, one] of inside) walk(one, path === '' ? key : `${path}.${key}`, level + 1);
  };
  walk(sample, '', 0);
  return fields;
}

/** The same shape with fewer words: what is kept with the rule. */
export function shortened(sample: JSONValue): JSONValue {
  if (typeof sample === 'string') return sample.slice(0, LONGEST_TEXT);
  if (isList(sample)) return sample.slice(0, LONGEST_LIST).map(shortened);
  if (!isObject(sample)) return sample;
  return Object.fromEntries(Object.entries(sample).map(([key, one]) => [key, shortened(one)]));
}
