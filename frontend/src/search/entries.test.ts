// @vitest-environment node
import { expect, test } from 'vitest';
import { type Entry, grouped, type Place, recentFirst, step, toPlace } from './entries';

const place = (href: string): Place => ({ kind: 'rules', href, label: href, hint: '' });
const entries: Entry[] = ['/rules/1', '/rules/2', '/rules/3'].map((href) => toPlace(place(href)));
const names = (found: readonly Entry[]) => found.map((entry) => entry.label);

test('those gone to lately come first, the others keep their order', () => {
  expect(names(recentFirst(entries, [place('/rules/3'), place('/gone')]))).toEqual([
    '/rules/3',
    '/rules/1',
    '/rules/2',
  ]);
});

test('groups stand in their order, and empty ones are left out', () => {
  const page = toPlace({ ...place('/data'), kind: 'pages' });
  expect(grouped([page, ...entries]).map((one) => one.group)).toEqual(['rules', 'pages']);
});

test('the arrows go round the ends', () => {
  expect(step(entries, 'rules:/rules/3', 1)).toBe('rules:/rules/1');
  expect(step(entries, 'rules:/rules/1', -1)).toBe('rules:/rules/3');
  expect(step(entries, 'rules:/gone', 1)).toBe('rules:/rules/1');
  expect(step([], null, 1)).toBeNull();
});
