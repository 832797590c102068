import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { type Seen, SeenConditions } from './SeenConditions';
import { makeWords, NO_TABLES } from './words';

const changedTo = {
  and: [{ '!==': [{ var: 'before.status' }, 'callback'] }, { '===': [{ var: 'after.status' }, 'callback'] }],
};

/** What the row says in all when the status is this now, and was `new` before. */
function said(now: string): string {
  const truth = now === 'callback';
  const seen: Seen[] = [
    { path: '', operator: 'and', truth },
    { path: '/and/0', operator: '!==', truth: true, values: ['new', 'callback'] },
    { path: '/and/1', operator: '===', truth, values: [now, 'callback'] },
  ];
  const words = makeWords((key) => key, 'en', NO_TABLES);
  const { unmount } = render(
    <MantineProvider env="test">
      <SeenConditions logic={changedTo} seen={seen} words={{ ...words, value: String }} tense="has" />
    </MantineProvider>,
  );
  const text = screen.getByRole('listitem').textContent ?? '';
  unmount();
  return text;
}

test('a change that was not the one asked for is told by the value that the record has', () => {
  expect(said('won')).toContain('builder.seen.has');
});

test('a change that is the one asked for says its value itself', () => {
  expect(said('callback')).not.toContain('builder.seen.has');
});
