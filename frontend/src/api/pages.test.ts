import { expect, test } from 'vitest';
import { everyPage } from './pages';

test('a short list is read to its end, page after page', async () => {
  const asked: (string | undefined)[] = [];
  const pages = [
    { items: [1, 2], next: 'b' },
    { items: [3], next: 'c' },
    { items: [], next: null },
  ];
  const all = await everyPage(async ({ cursor }) => {
    asked.push(cursor);
    return pages[asked.length - 1] ?? { items: [], next: null };
  });
  expect(all.items).toEqual([1, 2, 3]);
  expect(asked).toEqual([undefined, 'b', 'c']);
});
