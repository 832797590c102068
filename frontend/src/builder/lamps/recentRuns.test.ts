import { expect, test } from 'vitest';
import { ranFor } from './useRecentRuns';

const run = (id: number, record_key: string, record_table = 'public.leads') => ({
  id,
  record_key,
  record_table,
});

test('each record is offered once, by its newest run', () => {
  expect(ranFor([run(9, '1'), run(8, '2'), run(7, '1'), run(6, '3')], 'public.leads')).toEqual([9, 8, 6]);
});

test('runs of another table, and of no record, are left out', () => {
  expect(ranFor([run(9, '1', 'public.deals'), run(8, '', ''), run(7, '1')], 'public.leads')).toEqual([7]);
});

test('a few are offered', () => {
  expect(
    ranFor(
      [9, 8, 7, 6, 5, 4, 3].map((id) => run(id, `${id}`)),
      'public.leads',
    ),
  ).toHaveLength(5);
});
