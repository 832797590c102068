/** A test says since when the phone that a step means is on the do-not-call list. */
import { screen } from '@testing-library/react';
import { beforeAll, expect, test } from 'vitest';
import type { TestResult } from '../api/types';
import { useWords } from '../canvas/words';
import { startI18n, withWords } from '../i18n';
import type { JSONObject } from '../model/json';
import { renderInApp } from '../ui/renderInApp';

beforeAll(async () => {
  await startI18n('en');
  await withWords(Promise.resolve(), 'builder', 'desk', 'lamps', 'problems');
}, 60_000);

const data = { before: null, after: {}, changed: [] };

async function shown(kind: string, listed_at: string | null): Promise<void> {
  const [{ SampleRoom }, { SUBJECT }, { StepResult }] = await Promise.all([
    import('../states/SampleRoom'),
    import('../states/samples'),
    import('./StepResult'),
  ]);
  const fields: JSONObject = { to: '+821012345678' };
  const result: TestResult = {
    fires: true,
    reason: '',
    trace: { outcome: 'succeeded', steps: [{ node: 's', kind: 'action', state: 'succeeded' }] },
    previews: { s: { kind, summary: '', fields, starts: [], listed_at } },
    data,
  };
  const nodes = [
    { id: 't', kind: 'trigger', on: 'manual' },
    { id: 's', kind: 'action', do: kind, fields },
  ];
  function Room() {
    const document = { dialect: 1, name: 'r', nodes, edges: [['t', 's']] };
    return (
      <SampleRoom words={useWords(SUBJECT.tables)} dialog={null} document={document}>
        <StepResult result={result} stepId="s" />
      </SampleRoom>
    );
  }
  renderInApp(<Room />);
}

test.each([
  ['send_sms', /^Nothing would be sent: on the do-not-call list since .*2026/],
  ['queue_call', /^On the do-not-call list since .*2026/],
])(
  '%s to who is listed',
  async (kind, words) => {
    await shown(kind, '2026-03-05T12:00:00+00:00');
    expect(await screen.findByText(words, {}, { timeout: 20_000 })).toBeTruthy();
  },
  60_000,
);

test('who is not listed', async () => {
  await shown('send_sms', null);
  await screen.findByText(/\+821012345678/, {}, { timeout: 20_000 });
  expect(screen.queryByText(/do-not-call list since/)).toBeNull();
}, 60_000);
