import { fireEvent, screen } from '@testing-library/react';
import { beforeAll, expect, test, vi } from 'vitest';
import type { Call } from '../api/calls';
import { startI18n, withWords } from '../i18n';
import { renderInApp } from '../ui/renderInApp';
import { CallNow } from './CallNow';

beforeAll(async () => {
  await startI18n('en');
  await withWords(Promise.resolve(), 'calls');
});

const CALL: Call = {
  id: 7,
  list: 'Callbacks',
  phone: '+821012345678',
  name: 'Kim',
  note: '',
  priority: 5,
  due: true,
  due_at: '2026-11-23T09:00:00Z',
  until_at: null,
  queued_at: '2026-11-23T09:00:00Z',
  state: 'waiting',
  taken_by: 'account:1',
  taken_name: 'Ann',
  outcome: null,
  said: '',
  tries: 0,
  done_at: null,
  done_by: '',
  rule_id: null,
  rule_name: null,
  run_id: null,
  connection_id: null,
  record: null,
  table_name: '',
  taken_until: null,
};

test('the key that asks when to call again keeps what was typed, and Escape goes back to its button', () => {
  renderInApp(<CallNow call={CALL} onEnded={vi.fn()} />);
  const button = screen.getByRole('button', { name: /Call again/ });
  fireEvent.click(button);
  const when = screen.getByLabelText('Call again at');
  fireEvent.change(when, { target: { value: '2026-12-01T10:30' } });
  fireEvent.keyDown(document.documentElement, { key: '3', code: 'Digit3' });
  expect(screen.getByLabelText('Call again at')).toHaveValue('2026-12-01T10:30');
  fireEvent.keyDown(when, { key: 'Escape' });
  expect(screen.queryByLabelText('Call again at')).toBeNull();
  expect(document.activeElement).toBe(button);
});

test('keys that are pressed in a dialog over the page say nothing about the call', () => {
  renderInApp(
    <>
      <CallNow call={CALL} onEnded={vi.fn()} />
      <div role="dialog" aria-label="Help">
        <button type="button">Close</button>
      </div>
    </>,
  );
  const press = (where: Element) => fireEvent.keyDown(where, { key: '3', code: 'Digit3' });
  press(screen.getByText('Close'));
  expect(screen.queryByLabelText('Call again at')).toBeNull();
  press(document.documentElement);
  expect(screen.getByLabelText('Call again at')).toBeTruthy();
});
