/** What can be done to a graph whose ways cross: the same commands as on a tree, by the ways out of each step. */
import { nodeIn } from '../canvas/board';
import { titleKey } from '../canvas/face';
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
  redirect,
  removeFrom,
  slotOf,
} from '../model/free';
import { type Free, nodesOf, type Opened } from '../model/graph';
import { type Slot, type Step, slotName } from '../model/rule';
import type { Say } from './commands';
import { type Defaults, newNode, type StepKind } from './kinds';
import { announce, type BuilderStore, put } from './store';

type Tools = {
  readonly store: BuilderStore;
  readonly say: Say;
  readonly defaults: Defaults;
  readonly show: (id: string) => void;
  readonly refuse: (key: string) => void;
  readonly removed: () => void;
  readonly wordsOf: (opened: Opened, id: string) => string;
};

export function makeFreeCommands({ store, say, defaults, show, refuse, removed, wordsOf }: Tools) {
  /** The graph that is open, null where it is a tree or cannot be edited. */
  function now(): Free | null {
    const opened = store.getState().history.present;
    return opened.kind === 'free' ? opened : null;
  }

  function title(id: string | null): string {
    const node = id === null ? undefined : nodeIn(store.getState().history.present, id);
    return node ? say(`builder.${titleKey(node)}`, { count: 1 }) : say('builder.canvas.end');
  }

  /** Performs an edit and tells it; the graph may have become a tree by it. The ids that are new, null where refused. */
  function perform(
    edit: (free: Free) => FreeEdited,
    told: (fresh: string | null) => string,
  ): string[] | null {
    const free = now();
    if (!free || !store.getState().editing || !mayEdit(free)) return null;
    const made = edit(free);
    if (made.kind === 'refusal') {
      refuse(`builder.refusal.${made.reason}`);
      return null;
    }
    if (made === free) return [];
    put(store, made);
    const known = new Set(free.nodes.map((node) => node.id));
    const fresh = nodesOf(made).flatMap((node) => (known.has(node.id) ? [] : [node.id]));
    const words = told(fresh[0] ?? null);
    announce(store, made.kind === 'rule' ? `${words}. ${say('steps.free.tree')}` : words);
    return fresh;
  }

  function firstDoor(id: string | null): Door | null {
    const free = now();
    const node = free?.nodes.find((one) => (id === null ? one.kind === 'trigger' : one.id === id));
    return node ? (doorsOf(node)[0] ?? null) : null;
  }

  function add(kind: StepKind, slot: Slot): void {
    const free = now();
    if (!free) return;
    const node = newNode(kind, freshIdIn(free, kind.prefix), defaults);
    const fresh = perform(
      (graph) => insertAt(graph, doorOf(slot), node),
      (id) => say('steps.said.addedAfter', { step: title(id), after: title(slot.parent) }),
    );
    if (!fresh) return;
    store.setState({ selected: node.id, tab: 'setup', fresh: node.id, menuAt: null });
  }

  return {
    isOpen: () => now() !== null,
    add,
    addAfter: (kind: StepKind, id: string | null) => {
      const door = firstDoor(id);
      if (door) add(kind, slotOf(door));
      else refuse('builder.refusal.after-the-end');
    },
    /** The name of the + after a step, null after a stop; without a step the first + that leads to the end. */
    plusAfter: (id: string | null): string | null => {
      const free = now();
      const open = free?.nodes.flatMap(doorsOf).find((door) => goesTo(free, door) === null);
      const door = (id === null ? open : undefined) ?? firstDoor(id);
      return door ? slotName(slotOf(door)) : null;
    },
    redirect: (door: Door, target: string | null) => {
      const step = title(door.id);
      const key = door.branch === 'yes' ? 'yesGoesTo' : door.branch === 'no' ? 'noGoesTo' : 'goesTo';
      perform(
        (free) => redirect(free, door, target),
        () =>
          say(`steps.said.${key}`, {
            step,
            to: target === null ? title(null) : wordsOf(store.getState().history.present, target),
          }),
      );
    },
    remove: (id: string, keep: string | null = null) => {
      const step = title(id);
      const done = perform(
        (free) => removeFrom(free, id, keep),
        () => say('builder.said.removed', { step }),
      );
      if (!done) return;
      store.setState({ selected: null });
      removed();
    },
    duplicate: (id: string) => {
      const step = title(id);
      const fresh = perform(
        (free) => duplicateIn(free, id),
        () => say('steps.said.duplicatedAfter', { step }),
      );
      if (fresh?.[0] !== undefined) show(fresh[0]);
    },
    paste: (steps: readonly Step[], after: string | null) => {
      const door = firstDoor(after);
      if (!door) {
        refuse('builder.refusal.after-the-end');
        return;
      }
      const fresh = perform(
        (free) => pasteAt(free, door, steps),
        (id) => say('steps.said.pastedAfter', { step: title(id), after: title(door.id) }),
      );
      if (fresh?.[0] !== undefined) show(fresh[0]);
    },
    /** The next step in a direction along the ways; the start where nothing is selected. */
    next: (id: string | null, way: 'up' | 'down' | 'left' | 'right'): string | null => {
      const free = now();
      if (!free) return null;
      const from = id ?? free.nodes.find((node) => node.kind === 'trigger')?.id;
      return from === undefined ? null : id === null ? from : neighbour(free, from, way);
    },
  };
}
