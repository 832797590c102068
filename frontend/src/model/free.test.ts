import fc from 'fast-check';
import { expect, test } from 'vitest';
import { free as anyFree, asFree, nodeFrom as nodeOf, start } from './arbitrary';
import {
  type Door,
  doorOf,
  doorsOf,
  duplicateIn,
  type FreeEdited,
  freshIdIn,
  goesTo,
  insertAt,
  mayEdit,
  neighbour,
  pasteAt,
  readingOrder,
  redirect,
  removeFrom,
  slotOf,
  targetsOf,
} from './free';
import { edgesOf, type Free, type FreeEdge, nodesOf, type Opened, open, write } from './graph';
import { begin, record, undo } from './history';
import type { Step } from './rule';

type Edit = (free: Free, pick: (count: number) => number) => FreeEdited;
const anyOf = <T>(list: readonly T[], pick: (count: number) => number): T | undefined =>
  list[pick(list.length)];
const anyDoor = (free: Free, pick: (count: number) => number): Door =>
  anyOf(free.nodes.flatMap(doorsOf), pick) ?? { id: 't', branch: null };

const pasted: readonly Step[] = [
  { kind: 'plain', node: nodeOf('action', 'p1') },
  {
    kind: 'if',
    node: nodeOf('condition', 'n1'),
    yes: [{ kind: 'plain', node: nodeOf('wait', 'p2') }],
    no: [],
  },
];
const edits: Record<string, Edit> = {
  redirect: (free, pick) => {
    const door = anyDoor(free, pick);
    return redirect(free, door, anyOf(targetsOf(free, door), pick)?.id ?? null);
  },
  anywhere: (free, pick) => redirect(free, anyDoor(free, pick), anyOf(free.nodes, pick)?.id ?? null),
  end: (free, pick) => redirect(free, anyDoor(free, pick), null),
  insert: (free, pick) => insertAt(free, anyDoor(free, pick), nodeOf('action', freshIdIn(free, 'x'))),
  insertIf: (free, pick) => insertAt(free, anyDoor(free, pick), nodeOf('condition', freshIdIn(free, 'x'))),
  paste: (free, pick) => pasteAt(free, anyDoor(free, pick), pasted),
  duplicate: (free, pick) => duplicateIn(free, anyOf(free.nodes, pick)?.id ?? ''),
  remove: (free, pick) => removeFrom(free, anyOf(free.nodes, pick)?.id ?? '', pick(2) === 0 ? 'yes' : 'no'),
};

const idsOf = (opened: Opened): string[] => nodesOf(opened).map((node) => node.id);

function reached(opened: Opened, from = 't'): Set<string> {
  const seen = new Set<string>();
  const edges = edgesOf(opened);
  const go = (id: string): void => {
    if (seen.has(id)) return;
    seen.add(id);
    for (const edge of edges) if (edge.source === id) go(edge.target);
  };
  go(from);
  return seen;
}

const circles = (opened: Opened): boolean =>
  edgesOf(opened).some((edge) => reached(opened, edge.target).has(edge.source));

for (const [name, edit] of Object.entries(edits)) {
  test(`${name}: never a circle, no step lost, everything else kept, undo is the identity`, () => {
    fc.assert(
      fc.property(anyFree, fc.infiniteStream(fc.nat()), (free, numbers) => {
        const made = edit(free, (count) => (count === 0 ? 0 : (numbers.next().value ?? 0) % count));
        if (made.kind === 'refusal') return;
        expect(circles(made)).toBe(false);
        const [before, after] = [idsOf(free), idsOf(made)];
        expect(new Set(after).size).toBe(after.length);
        const lost = before.filter((id) => !after.includes(id));
        expect(lost.length).toBe(name === 'remove' ? 1 : 0);
        const document = made.kind === 'rule' ? write(made) : made.document;
        expect(document).toMatchObject({ dialect: 1, name: 'Free', more: 'kept' });
        const doors = edgesOf(made).map((edge) => `${edge.source} ${edge.branch}`);
        expect(new Set(doors).size).toBe(doors.length);
        const history = record(begin<Opened>(free), made, 0);
        expect(undo(history).present).toBe(free);
        // What a run came to before it still comes to, unless a way was turned elsewhere.
        if (['insert', 'insertIf', 'paste', 'duplicate'].includes(name)) {
          const now = reached(made);
          for (const id of reached(free)) expect(now.has(id)).toBe(true);
        }
      }),
    );
  });
}

test('a way that is turned and turned back is as before', () => {
  fc.assert(
    fc.property(anyFree, fc.nat(), fc.nat(), (free, a, b) => {
      const door = anyDoor(free, (count) => a % count);
      const was = goesTo(free, door);
      const targets = [null, ...targetsOf(free, door).map((node) => node.id)];
      const turned = redirect(free, door, targets[b % targets.length] ?? null);
      if (turned.kind === 'refusal') throw new Error(turned.reason);
      const back = redirect(asFree(nodesOf(turned), edgesOf(turned)), door, was);
      if (back.kind === 'refusal') throw new Error(back.reason);
      const sorted = (opened: Opened): string[] =>
        edgesOf(opened)
          .map((one) => `${one.source} ${one.branch} ${one.target}`)
          .sort();
      expect(sorted(back)).toEqual(sorted(free));
    }),
  );
});

test('the steps that a way may lead to are all that make no circle', () => {
  fc.assert(
    fc.property(anyFree, fc.nat(), (free, a) => {
      const door = anyDoor(free, (count) => a % count);
      const offered = targetsOf(free, door).map((node) => node.id);
      for (const node of free.nodes) {
        const turned = redirect(free, door, node.id);
        expect(turned.kind === 'refusal').toBe(!offered.includes(node.id) && goesTo(free, door) !== node.id);
      }
    }),
  );
});

const edge = (source: string, target: string, branch: FreeEdge['branch'] = null): FreeEdge => ({
  source,
  target,
  branch,
});
/** i splits to k and y; k splits to y and x: a tree would need y twice. */
const crossing = asFree(
  [start, nodeOf('condition', 'i'), nodeOf('condition', 'k'), nodeOf('action', 'x'), nodeOf('action', 'y')],
  [edge('t', 'i'), edge('i', 'k', 'yes'), edge('i', 'y', 'no'), edge('k', 'y', 'yes'), edge('k', 'x', 'no')],
);

test('a graph whose last crossing goes opens as a tree', () => {
  expect(open(crossing.document)).toMatchObject({ kind: 'free', why: 'crossing' });
  expect(redirect(crossing, { id: 'k', branch: 'yes' }, null).kind).toBe('rule');
});

test('a removed step hands its way in on to its way out', () => {
  const row = asFree([start, nodeOf('action', 'a'), nodeOf('action', 'b')], [edge('t', 'a'), edge('a', 'b')]);
  const made = removeFrom(row, 'a');
  expect(made.kind === 'refusal' ? [] : edgesOf(made)).toEqual([edge('t', 'b')]);
  const no = removeFrom(crossing, 'k', 'no');
  expect(no.kind === 'refusal' ? [] : edgesOf(no)).toEqual([
    edge('t', 'i'),
    edge('i', 'x', 'yes'),
    edge('i', 'y', 'no'),
  ]);
});

test('a pasted part stands under new ids, leads on where the way led, and reads itself', () => {
  const made = pasteAt(crossing, { id: 'i', branch: 'no' }, [{ kind: 'plain', node: nodeOf('action', 'y') }]);
  if (made.kind !== 'free') throw new Error('no longer free');
  expect(made.nodes.find((node) => node.id === 'y1')).toMatchObject({
    fields: { title: { var: 'steps.y1.state' } },
  });
  expect(made.edges).toContainEqual(edge('i', 'y1', 'no'));
  expect(made.edges).toContainEqual(edge('y1', 'y'));
});

test.each<[string, FreeEdited, string]>([
  ['a way that is not there', redirect(crossing, { id: 'x', branch: 'yes' }, 'y'), 'no-such-place'],
  ['to a step that is not there', redirect(crossing, { id: 'x', branch: null }, 'q'), 'no-such-step'],
  ['back to where it came from', redirect(crossing, { id: 'x', branch: null }, 'i'), 'in-a-circle'],
  ['into the start', redirect(crossing, { id: 'x', branch: null }, 't'), 'in-a-circle'],
  [
    'a step on a way that is not there',
    insertAt(crossing, { id: 'q', branch: null }, start),
    'no-such-place',
  ],
  [
    'a stop before something',
    insertAt(crossing, { id: 't', branch: null }, nodeOf('end', 'e')),
    'after-the-end',
  ],
  ['removing the start', removeFrom(crossing, 't'), 'the-start-stays'],
  ['removing nothing', removeFrom(crossing, 'q'), 'no-such-step'],
  ['a second start', duplicateIn(crossing, 't'), 'the-start-stays'],
  ['a copy of nothing', duplicateIn(crossing, 'q'), 'no-such-step'],
])('%s is refused', (_, made, reason) => {
  expect(made).toEqual({ kind: 'refusal', reason });
});

test('nothing pasted, or turned to where it leads, changes nothing', () => {
  expect(pasteAt(crossing, { id: 't', branch: null }, [])).toBe(crossing);
  expect(redirect(crossing, { id: 't', branch: null }, 'i')).toBe(crossing);
});

test('a stop has no copy behind it', () => {
  expect(duplicateIn(asFree([start, nodeOf('end', 'e')], [edge('t', 'e')]), 'e')).toEqual({
    kind: 'refusal',
    reason: 'after-the-end',
  });
});

test('arrows lead along the ways', () => {
  expect(
    ['up', 'down', 'left', 'right'].map((way) =>
      neighbour(crossing, 'k', way === 'up' || way === 'down' || way === 'left' ? way : 'right'),
    ),
  ).toEqual(['i', 'y', 'y', 'x']);
  expect(neighbour(crossing, 't', 'up')).toBe(null);
  expect(neighbour(crossing, 't', 'left')).toBe(null);
});

test('the reading order has every step once, and none before one that leads to it', () => {
  fc.assert(
    fc.property(anyFree, (free) => {
      const order = readingOrder(free).map((node) => node.id);
      expect([...order].sort()).toEqual(free.nodes.map((node) => node.id).sort());
      const known = reached(free);
      for (const { source, target } of free.edges) {
        if (known.has(source)) expect(order.indexOf(source)).toBeLessThan(order.indexOf(target));
      }
    }),
  );
  expect(readingOrder(asFree([nodeOf('wait', 'w')], []))).toHaveLength(1);
});

test('a door and its + are the same place', () => {
  for (const branch of ['yes', 'no', null] as const)
    expect(doorOf(slotOf({ id: 'a', branch }))).toEqual({ id: 'a', branch });
});

test('what cannot be read is not edited', () => {
  expect(mayEdit(crossing)).toBe(true);
  expect(mayEdit({ ...crossing, why: 'unreadable' })).toBe(false);
  expect(mayEdit({ ...crossing, why: 'not-one-start' })).toBe(false);
});
