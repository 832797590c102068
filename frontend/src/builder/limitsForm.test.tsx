/** How long a step waits and how often it is tried: closed until it is asked for, and empty is as usual. */
import { MantineProvider } from '@mantine/core';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { beforeAll, expect, test } from 'vitest';
import { nodeIn } from '../canvas/board';
import { useWords } from '../canvas/words';
import { startI18n, withWords } from '../i18n';
import type { RuleNode } from '../model/rule';
import { SampleRoom } from '../states/SampleRoom';
import { SUBJECT } from '../states/samples';
import { FailedForm } from './FailedForm';
import { FormPlaces } from './FormPlaces';
import { LimitsForm } from './LimitsForm';
import { useBuilderStore, useOpened } from './store';

const HOOK: RuleNode = { id: 's', kind: 'action', do: 'call_webhook', fields: { url: 'https://x.example' } };

beforeAll(async () => {
  await startI18n('en');
  await withWords(Promise.resolve(), 'builder', 'steps', 'problems', 'ways');
}, 60_000);

function show(step: RuleNode): () => RuleNode | undefined {
  let now = (): RuleNode | undefined => undefined;
  function Form() {
    const store = useBuilderStore();
    now = () => nodeIn(store.getState().history.present, 's');
    const node = nodeIn(useOpened(), 's');
    return node ? (
      <FormPlaces step="s" problems={[]}>
        <FailedForm node={node} />
        <LimitsForm node={node} />
      </FormPlaces>
    ) : null;
  }
  function Room() {
    const nodes = [{ id: 't', kind: 'trigger', on: 'manual' }, step];
    const document = { dialect: 1, name: 'r', nodes, edges: [['t', 's']] };
    return (
      <SampleRoom words={useWords(SUBJECT.tables)} dialog={null} document={document}>
        <Form />
      </SampleRoom>
    );
  }
  render(
    <MantineProvider env="test">
      <Room />
    </MantineProvider>,
  );
  return () => now();
}

const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label);

test('it opens where it is asked for, with the cursor in it; what is emptied is as usual again', async () => {
  const node = show(HOOK);
  expect(screen.queryByLabelText('Tries in all')).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'Time and tries…' }));
  const seconds = field('Give up after (seconds)');
  expect(seconds.placeholder).toBe('As usual: 10');
  expect(field('Tries in all').placeholder).toBe('As usual: 5');
  await waitFor(() => expect(document.activeElement).toBe(seconds));
  fireEvent.change(seconds, { target: { value: '3' } });
  fireEvent.change(field('Tries in all'), { target: { value: '1' } });
  await waitFor(() => expect(node()).toEqual({ ...HOOK, timeout: 3, tries: 1 }));
  fireEvent.change(seconds, { target: { value: '99' } });
  expect(node()?.['timeout']).toBe(3);
  fireEvent.change(seconds, { target: { value: '' } });
  await waitFor(() => expect(node()).toEqual({ ...HOOK, tries: 1 }));
}, 60_000);

test('it stands open where the step says so, and asks for no time where there is nobody to wait for', () => {
  show({ id: 's', kind: 'action', do: 'notify', fields: {}, tries: 2 });
  expect(field('Tries in all').value).toBe('2');
  expect(screen.queryByLabelText('Give up after (seconds)')).toBeNull();
}, 60_000);

test('a step that is tried once is not said to be tried again', () => {
  show({ ...HOOK, tries: 1 });
  expect(screen.getByText('The run ends as failed at once.')).toBeTruthy();
}, 60_000);

test('one that is tried as usual is', () => {
  show(HOOK);
  expect(screen.getByText('The run ends as failed, after it was tried again.')).toBeTruthy();
}, 60_000);
