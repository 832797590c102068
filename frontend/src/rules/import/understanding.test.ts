import { expect, test } from 'vitest';
import { open } from '../../model/graph';
import { understanding } from './understanding';

const START = { id: 't', kind: 'trigger', on: 'manual' };

function told(nodes: { id: string; kind: string; logic?: unknown }[], foreign: number[] = []) {
  const edges = nodes.map(({ id }, index) => [['t', ...nodes.map((one) => one.id)][index] ?? 't', id]);
  return understanding(open(JSON.parse(JSON.stringify({ nodes: [START, ...nodes], edges }))), foreign);
}

test('a rule that the form can show is understood wholly', () => {
  const logic = { '===': [{ var: 'after.status' }, 'won'] };
  expect(told([{ id: 'c', kind: 'condition', logic }])).toEqual({
    steps: 2,
    understood: 2,
    advanced: 0,
    unknown: 0,
  });
});

test('a condition that the form cannot show counts as Advanced', () => {
  const logic = { reduce: [[1], { '+': [1, 2] }, 0] };
  expect(told([{ id: 'c', kind: 'condition', logic }])).toMatchObject({ understood: 1, advanced: 1 });
});

test('a step that the server does not know is none that is understood', () => {
  expect(told([{ id: 'x', kind: 'spaceship' }], [1])).toMatchObject({ steps: 2, understood: 1, unknown: 1 });
});
