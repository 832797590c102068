import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rule as anyRule } from './arbitrary';
import { documentOf, edgesOf, leadingFrom, nodesOf, open, openDraft, write } from './graph';
import type { JSONObject, JSONValue } from './json';
import { shapeOf } from './rule';

const trigger = { id: 't', kind: 'trigger', on: 'manual' };
const c = (id: string) => ({ id, kind: 'condition', logic: true });
const a = (id: string) => ({ id, kind: 'action', do: 'notify', fields: { title: id } });
const end = (id: string) => ({ id, kind: 'end' });

function doc(nodes: JSONValue[], edges: JSONValue[]): JSONObject {
  return { dialect: 1, name: 'R', nodes: [trigger, ...nodes], edges };
}

const sortedEdges = (document: JSONObject): string[] =>
  (Array.isArray(document['edges']) ? document['edges'] : []).map((edge) => JSON.stringify(edge)).sort();

describe('structured graphs become the tree and come back with the same edges', () => {
  const table: [string, JSONObject, string][] = [
    ['only a start', doc([], []), 't>'],
    [
      'a line',
      doc(
        [a('x'), a('y')],
        [
          ['t', 'x'],
          ['x', 'y'],
        ],
      ),
      't>x:action,y:action',
    ],
    [
      'yes only',
      doc(
        [c('i'), a('x')],
        [
          ['t', 'i'],
          ['i', 'x', 'yes'],
        ],
      ),
      't>i(x:action|)',
    ],
    [
      'branches that rejoin',
      doc(
        [c('i'), a('x'), a('y'), a('z')],
        [
          ['t', 'i'],
          ['i', 'x', 'yes'],
          ['i', 'y', 'no'],
          ['x', 'z'],
          ['y', 'z'],
        ],
      ),
      't>i(x:action|y:action),z:action',
    ],
    [
      'an empty side that rejoins',
      doc(
        [c('i'), a('x'), a('z')],
        [
          ['t', 'i'],
          ['i', 'x', 'yes'],
          ['i', 'z', 'no'],
          ['x', 'z'],
        ],
      ),
      't>i(x:action|),z:action',
    ],
    [
      'a side that stops',
      doc(
        [c('i'), end('e'), a('z')],
        [
          ['t', 'i'],
          ['i', 'e', 'yes'],
          ['i', 'z', 'no'],
        ],
      ),
      't>i(e:end|z:action)',
    ],
  ];
  test.each(table)('%s', (_name, document, shape) => {
    const opened = open(document);
    expect(opened.kind === 'rule' ? shapeOf(opened) : opened.why).toBe(shape);
    expect(sortedEdges(documentOf(opened))).toEqual(sortedEdges(document));
  });
});

describe('any other graph stays as it is', () => {
  const table: [string, JSONObject, string][] = [
    [
      'a circle',
      doc(
        [a('x'), a('y')],
        [
          ['t', 'x'],
          ['x', 'y'],
          ['y', 'x'],
        ],
      ),
      'circle',
    ],
    ['steps that are none', { nodes: 'none', edges: [] }, 'unreadable'],
    ['a step without an id', doc([{ kind: 'action' }], []), 'unreadable'],
    ['ways that are none', { nodes: [trigger], edges: 'none' }, 'unreadable'],
    ['a way that is none', doc([a('x')], ['t to x']), 'unreadable'],
    ['a way to a number', doc([a('x')], [['t', 1]]), 'unreadable'],
    ['a way of another kind', doc([a('x')], [['t', 'x', 'maybe']]), 'two-ways-out'],
    ['the same id twice', doc([a('x'), a('x')], [['t', 'x']]), 'not-one-start'],
    ['no start', { nodes: [], edges: [] }, 'not-one-start'],
    [
      'a way back to the start',
      doc(
        [a('x')],
        [
          ['t', 'x'],
          ['x', 't'],
        ],
      ),
      'two-ways-out',
    ],
    [
      'a way out of an end',
      doc(
        [end('e'), a('x')],
        [
          ['t', 'e'],
          ['e', 'x'],
        ],
      ),
      'two-ways-out',
    ],
    ['two starts', doc([{ id: 'u', kind: 'trigger', on: 'manual' }], []), 'not-one-start'],
    ['an edge to nowhere', doc([], [['t', 'gone']]), 'dangling'],
    ['a step that nothing leads to', doc([a('x')], []), 'unreached'],
    [
      'two ways out of an action',
      doc(
        [a('x'), a('y')],
        [
          ['t', 'x'],
          ['t', 'y'],
        ],
      ),
      'two-ways-out',
    ],
    [
      'branches that cross',
      doc(
        [c('i'), c('k'), a('x'), a('y')],
        [
          ['t', 'i'],
          ['i', 'k', 'yes'],
          ['i', 'y', 'no'],
          ['k', 'y', 'yes'],
          ['k', 'x', 'no'],
        ],
      ),
      'crossing',
    ],
  ];
  test.each(table)('%s', (_name, document, why) => {
    const opened = open(document);
    expect(opened.kind === 'free' ? opened.why : 'tree').toBe(why);
    expect(documentOf(opened)).toBe(document);
  });
});

test('every tree survives the document', () => {
  fc.assert(
    fc.property(anyRule, (rule) => {
      expect(open(write(rule))).toEqual(rule);
    }),
    { numRuns: 500 },
  );
});

test('unknown properties of nodes and of the document are kept', () => {
  const document = { ...doc([{ ...a('x'), note: 'why' }], [['t', 'x']]), folder: 'sales' };
  expect(documentOf(open(document))).toEqual(document);
});

test('which sides of a condition lead on', () => {
  const one = doc(
    [c('i'), a('x')],
    [
      ['t', 'i'],
      ['i', 'x', 'yes'],
    ],
  );
  expect([...leadingFrom(open(one), 'i')]).toEqual(['yes']);
  expect([...leadingFrom(open({ ...one, edges: [['i', 'x', 'no']] }), 'i')]).toEqual(['no']);
});

test('steps and ways are listed alike, whether the graph is a tree or not', () => {
  const line = doc([a('x')], [['t', 'x', null]]);
  const free = doc([a('x')], [['t', 'gone']]);
  for (const one of [line, free]) expect(nodesOf(open(one)).map((node) => node.id)).toEqual(['t', 'x']);
  expect(edgesOf(open(line))).toEqual([{ source: 't', target: 'x', branch: null }]);
  expect(edgesOf(open(free))).toEqual([{ source: 't', target: 'gone', branch: null }]);
});

test('a draft without steps begins with a start to fill in; any other opens as it is', () => {
  expect(openDraft({ name: 'R' })).toMatchObject({
    kind: 'rule',
    head: { dialect: 1, name: 'R' },
    steps: [],
  });
  expect(openDraft({ nodes: [] }).kind).toBe('rule');
  expect(openDraft({ nodes: 'none' })).toMatchObject({ kind: 'free', why: 'unreadable' });
  expect(openDraft(doc([], []))).toEqual(open(doc([], [])));
});
