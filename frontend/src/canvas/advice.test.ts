import { expect, test } from 'vitest';
import faults from '../i18n/en/faults.json';
import advised from '../i18n/en/runDetail.json';
import { adviceOf } from './advice';

test('a step that failed says what to do, each advice in words', () => {
  expect(adviceOf('mail-sign-in')).toBe('connection');
  expect(adviceOf('empty-field')).toBe('record');
  expect(adviceOf('no-column')).toBe('rule');
  expect(adviceOf('webhook-refused')).toBe('later');
  expect(adviceOf('address-not-allowed')).toBe('address');
  const given = new Set(Object.keys(faults).map(adviceOf));
  given.delete(null);
  for (const one of given) expect(Object.keys(advised.advice)).toContain(one);
});

test('an error that says it itself, or that is not known, has no advice', () => {
  expect(adviceOf('outcome-unknown')).toBeNull();
  expect(adviceOf('something-new')).toBeNull();
});
