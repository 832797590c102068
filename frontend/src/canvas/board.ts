/**
 * What the cards, pluses and lines of one canvas listen to. Each listens to its own small part, so that typing in
 * one step draws one card anew, and a rule of a thousand steps stays quick.
 */
import { createContext, useContext } from 'react';
import { createStore, type StoreApi, useStore } from 'zustand';
import type { Opened } from '../model/graph';
import type { Painting } from '../model/paint';
import type { StepProblem } from '../model/problems';
import { nodeOf, type RuleNode, type Slot } from '../model/rule';
import type { Words } from '../model/wording';

export type Badge = {
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'busy' | 'still';
  /** Beside another version: the whole card is marked. */
  readonly mark?: 'new' | 'changed' | 'removed' | 'moved';
};

/** Whether a condition holds for the record that the builder shows; `why` it cannot be known. */
export type CardLight = {
  readonly truth: 'true' | 'false' | 'unknown' | 'error';
  readonly word: string;
  readonly why: string;
};

export type Board = {
  readonly opened: Opened;
  readonly words: Words;
  readonly selected: string | null;
  readonly problems: ReadonlyMap<string, readonly StepProblem[]>;
  readonly painting: Painting | null;
  readonly badges: ReadonlyMap<string, Badge>;
  readonly lights?: ReadonlyMap<string, CardLight>;
  /** While a step is carried: the slot that it would fall into. */
  readonly drag: { readonly target: string | null; readonly carried: string | null } | null;
  readonly menuAt: string | null;
  readonly editable: boolean;
  readonly handlers: Handlers;
};

export type Handlers = {
  readonly select: (id: string) => void;
  readonly openMenu: (slot: string | null) => void;
  /** The pointer went down on a card: a drag may begin. */
  readonly grab: (id: string, event: React.PointerEvent) => void;
  readonly addMenu: (slot: Slot, close: () => void) => React.ReactNode;
  readonly cardMenu: (id: string) => React.ReactNode;
  readonly problemText: (problem: StepProblem) => string;
};

const NO_PROBLEMS: ReadonlyMap<string, readonly StepProblem[]> = new Map();

/** A canvas only to look at: nothing is carried, added or wrong; a card can be chosen. */
export function toLookAt(
  select: (id: string) => void,
): Pick<Board, 'problems' | 'drag' | 'menuAt' | 'editable' | 'handlers'> {
  return {
    problems: NO_PROBLEMS,
    drag: null,
    menuAt: null,
    editable: false,
    handlers: {
      select,
      openMenu: () => undefined,
      grab: () => undefined,
      addMenu: () => null,
      cardMenu: () => null,
      problemText: () => '',
    },
  };
}

export type BoardStore = StoreApi<Board>;

export function createBoard(first: Board): BoardStore {
  return createStore<Board>(() => first);
}

const BoardContext = createContext<BoardStore | null>(null);
export const BoardProvider = BoardContext.Provider;

export function useBoard<T>(select: (board: Board) => T): T {
  const store = useContext(BoardContext);
  if (!store) throw new Error('A canvas part was drawn outside a canvas');
  return useStore(store, select);
}

const freeNodes = new WeakMap<object, Map<string, RuleNode>>();

export function nodeIn(opened: Opened, id: string): RuleNode | undefined {
  if (opened.kind === 'rule') return nodeOf(opened, id);
  let nodes = freeNodes.get(opened);
  if (!nodes) {
    nodes = new Map(opened.nodes.map((node) => [node.id, node]));
    freeNodes.set(opened, nodes);
  }
  return nodes.get(id);
}
