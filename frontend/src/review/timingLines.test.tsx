/** What the review says of how often and how fast a rule goes. */
import { MantineProvider } from '@mantine/core';
import { render } from '@testing-library/react';
import { beforeAll, expect, test } from 'vitest';
import { startI18n, withWords } from '../i18n';
import type { JSONObject } from '../model/json';
import TimingLines from './TimingLines';

beforeAll(async () => {
  await startI18n('en');
  await withWords(Promise.resolve(), 'timing');
}, 60_000);

function lines(policy: JSONObject): (string | null)[] {
  const { container } = render(
    <MantineProvider env="test">
      <TimingLines policy={policy} />
    </MantineProvider>,
  );
  return [...container.querySelectorAll('[data-timing-line]')].map((one) => one.textContent);
}

test('a rule that runs once for each record says so, beside its pace', () => {
  expect(lines({ once: 'record' })).toEqual(['At most once for each record.']);
  expect(lines({ once: 'day', pace: { at_most: 3, per: 'hour' } })).toEqual([
    'At most once a day for each record.',
    'At most 3 begin in any hour; the others wait, in order.',
  ]);
});

test('one that runs every time says nothing of it', () => {
  expect(lines({ overlap: 'skip' })).toEqual([]);
});
