// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { unreachable } from './recipients';

const RECORDS = [
  { email: 'a@b.c', other: null },
  { email: '', other: null },
  { email: null, other: 'x@y.z' },
  { other: 'not shown to this person' },
];
const EMAIL = { var: 'after.email' };

describe('records that nobody can be written to', () => {
  test('are those whose field is empty; what is not shown is not counted', () => {
    expect(unreachable(EMAIL, RECORDS)).toEqual({ empty: 2, count: 3, fields: ['email'] });
  });

  test('are those where every field of the address is empty', () => {
    const both = { cat: [EMAIL, ', ', { var: 'after.other' }] };
    expect(unreachable(both, RECORDS)).toEqual({ empty: 1, count: 3, fields: ['email', 'other'] });
  });

  test.each([
    ['an address that is written out', 'boss@example.test'],
    ['one beside a field', { cat: ['boss@example.test, ', EMAIL] }],
    ['a field of a related record', { var: 'related.owner_id.email' }],
    ['what is made by logic', { if: [true, EMAIL, ''] }],
    ['nothing yet', ''],
  ])('are not known of %s', (_case, to) => expect(unreachable(to, RECORDS)).toBeNull());

  test('are none where every record has somebody, or where there is no record', () => {
    expect(unreachable(EMAIL, RECORDS.slice(0, 1))).toBeNull();
    expect(unreachable(EMAIL, [])).toBeNull();
  });
});
