/** The open rule: its history, what is selected, what is wrong with it, how its saving goes. One store per page. */
import { createContext, useContext } from 'react';
import { createStore, type StoreApi, useStore } from 'zustand';
import type { BacktestMatch, TestAnswer, TestResult } from '../api/types';
import { nodeIn } from '../canvas/board';
import { type Edited, updateStep } from '../model/edit';
import { mayEdit, withNode } from '../model/free';
import { documentOf, isRuleNode, type Opened, open, openDraft } from '../model/graph';
import { begin, close, type History, record, redo, undo } from '../model/history';
import { isList, type JSONObject } from '../model/json';
import type { Painting } from '../model/paint';
import type { Side } from '../model/places';
import type { FoundProblem } from '../model/problems';
import { nodeOf, type Refusal, type Rule, type RuleNode } from '../model/rule';
import type { Days } from './backtest/figures';
import { lampsWanted } from './lamps/choose';
import type { Moment } from './lamps/sight';
import type { Walk } from './lamps/walk';

export type Tab = 'setup' | 'test' | 'json';
export type SaveState = 'saved' | 'waiting' | 'saving' | 'offline' | 'refused' | 'conflict';
export type Theirs = {
  readonly document: JSONObject;
  readonly etag: string;
  readonly who: string;
  readonly at: string;
};

export type Testing = {
  readonly op: 'insert' | 'update' | 'delete';
  readonly key: Record<string, unknown> | null;
  readonly label: string;
  readonly record: JSONObject | null;
  /** What-if values over the record. */
  readonly after: JSONObject;
  readonly before: JSONObject;
  /** By foreign key, over the record that it leads to. */
  readonly related: Readonly<Record<string, JSONObject>>;
  /** By foreign key, the related records as they were read for the lamps. */
  readonly read: Readonly<Record<string, JSONObject | null>>;
  /** Steps that the test takes for failed. */
  readonly failing: readonly string[];
  /** What the test takes people to answer; where it is not said, they approve. */
  readonly answers: Readonly<Record<string, TestAnswer>>;
  /** The moment that the test takes for now, UTC text; null for now itself. */
  readonly at: string | null;
  /** A stored change of the record is looked at, not the record as it is. */
  readonly moment: Moment | null;
  readonly result: TestResult | null;
  /** Why the draft could not be tried, as it is thrown; null where it could. */
  readonly refused: unknown;
  readonly shown: boolean;
};

/** Trying the rule on past changes; `match` is the change that is painted on the steps. */
export type Backtesting = {
  readonly shown: boolean;
  readonly days: Days;
  readonly match: BacktestMatch | null;
};

export type Builder = {
  readonly ruleId: number;
  readonly history: History<Opened>;
  readonly saved: Opened;
  readonly etag: string;
  readonly save: SaveState;
  /** Why the draft could not be saved, as it was thrown, while `save` is `refused`. */
  readonly refusal: unknown;
  readonly theirs: Theirs | null;
  readonly found: readonly FoundProblem[];
  readonly checked: JSONObject;
  /** `away`: the last check did not get through; `found` is of an earlier one. */
  readonly checking: 'fresh' | 'waiting' | 'away';
  /** Counts up when everything that is wrong is to be shown at once, also in the field that is being filled in. */
  readonly revealed: number;
  /** The field to put the cursor into, as soon as it is drawn. */
  readonly focusAt: { readonly step: string; readonly place: string; readonly side: Side | null } | null;
  readonly selected: string | null;
  readonly tab: Tab;
  readonly editing: boolean;
  readonly view: 'canvas' | 'list';
  readonly paletteOpen: boolean;
  readonly menuAt: string | null;
  readonly drag: {
    readonly target: string | null;
    readonly carried: string | null;
    readonly label: string;
  } | null;
  readonly dialog: 'review' | 'versions' | 'json' | 'run' | null;
  readonly removing: string | null;
  /** JSON that was typed over what stood at a place, and not applied yet. */
  readonly written: { readonly path: string; readonly over: string; readonly text: string } | null;
  readonly testing: Testing;
  /** Conditions show whether they hold for the chosen record. */
  readonly lamps: boolean;
  readonly backtest: Backtesting;
  readonly painting: Painting | null;
  /** The way that is painted for a stored change. */
  readonly walked: Walk | null;
  readonly said: string;
  readonly fresh: string | null;
};

export type BuilderStore = StoreApi<Builder>;

export const NO_TEST: Testing = {
  op: 'update',
  key: null,
  label: '',
  record: null,
  failing: [],
  answers: {},
  after: {},
  before: {},
  related: {},
  read: {},
  at: null,
  moment: null,
  result: null,
  refused: null,
  shown: false,
};

export type Start = {
  readonly ruleId: number;
  readonly document: JSONObject;
  readonly etag: string;
  readonly found: readonly FoundProblem[];
  readonly editing: boolean;
  readonly selected: string | null;
  readonly view: 'canvas' | 'list';
};

export function createBuilder(start: Start): BuilderStore {
  const opened = openDraft(start.document);
  return createStore<Builder>(() => ({
    ruleId: start.ruleId,
    history: begin(opened),
    saved: opened,
    etag: start.etag,
    save: 'saved',
    refusal: null,
    theirs: null,
    found: start.found,
    checked: start.document,
    checking: 'fresh',
    revealed: 0,
    focusAt: null,
    // A rule without a start asks for it first.
    selected:
      start.selected ?? (isBlank(start.document) && opened.kind === 'rule' ? opened.trigger.id : null),
    tab: 'setup',
    editing: start.editing,
    view: start.view,
    paletteOpen: true,
    menuAt: null,
    drag: null,
    dialog: null,
    removing: null,
    written: null,
    testing: NO_TEST,
    lamps: lampsWanted(),
    backtest: { shown: false, days: 7, match: null },
    painting: null,
    walked: null,
    said: '',
    fresh: null,
  }));
}

function isBlank(document: JSONObject): boolean {
  const nodes = document['nodes'];
  return nodes === undefined || (isList(nodes) && nodes.length === 0);
}

const BuilderContext = createContext<BuilderStore | null>(null);
export const BuilderProvider = BuilderContext.Provider;

export function useBuilderStore(): BuilderStore {
  const store = useContext(BuilderContext);
  if (!store) throw new Error('A part of the builder was drawn outside the builder');
  return store;
}

export function useBuilder<T>(select: (builder: Builder) => T): T {
  return useStore(useBuilderStore(), select);
}

export function useOpened(): Opened {
  return useBuilder((builder) => builder.history.present);
}

/** The rule as a tree, null while it is a free graph. */
export function ruleOf(opened: Opened): Rule | null {
  return opened.kind === 'rule' ? opened : null;
}

/** Can the steps and ways of what is open be edited at all? */
export function hasEditableSteps(opened: Opened): boolean {
  return opened.kind === 'rule' || mayEdit(opened);
}

/** A new present. Whatever was painted by a test is out of date then, so it goes. */
export function put(store: BuilderStore, opened: Opened, key: string | null = null): void {
  store.setState((state) => {
    const history = record(state.history, opened, Date.now(), key);
    if (history === state.history) return state;
    return { history, save: state.save === 'conflict' ? 'conflict' : 'waiting' };
  });
}

/** Applies an edit command; a refusal is told, not thrown. */
export function apply(
  store: BuilderStore,
  edit: (rule: Rule) => Edited,
  options: { key?: string; select?: string | null } = {},
): Refusal | null {
  const state = store.getState();
  const rule = ruleOf(state.history.present);
  if (!rule || !state.editing) return null;
  const edited = edit(rule);
  if (edited.kind === 'refusal') return edited;
  put(store, edited, options.key ?? null);
  if (options.select !== undefined) store.setState({ selected: options.select });
  return null;
}

/** Changes one step's node; works in a free graph too, whose edges stay as they are. */
export function changeNode(
  store: BuilderStore,
  id: string,
  change: (node: RuleNode) => RuleNode,
  key?: string,
): void {
  const { history, editing } = store.getState();
  const opened = history.present;
  if (!editing) return;
  if (opened.kind === 'rule') {
    const node = nodeOf(opened, id);
    if (!node) return;
    const edited = updateStep(opened, id, change(node));
    if (edited.kind === 'rule') put(store, edited, key ?? null);
    return;
  }
  if (mayEdit(opened)) {
    put(store, withNode(opened, id, change), key ?? null);
    return;
  }
  const nodes = opened.document['nodes'];
  if (!isList(nodes)) return;
  const changed = nodes.map((node) => (isRuleNode(node) && node.id === id ? change(node) : node));
  put(store, open({ ...opened.document, nodes: changed }), key ?? null);
}

export function travel(store: BuilderStore, way: 'undo' | 'redo'): void {
  store.setState((state) => {
    const history = way === 'undo' ? undo(state.history) : redo(state.history);
    if (history === state.history) return state;
    const { selected } = state;
    const gone = selected !== null && !nodeIn(history.present, selected);
    return {
      history,
      save: 'waiting',
      menuAt: null,
      revealed: state.revealed + 1,
      ...(gone ? { selected: null } : {}),
    };
  });
}

/** Typing is over: the next edit is an undo step of its own. */
export function endTyping(store: BuilderStore): void {
  store.setState((state) => ({ history: close(state.history) }));
}

export function currentDocument(store: BuilderStore): JSONObject {
  return documentOf(store.getState().history.present);
}

/** Told to screen readers. */
export function announce(store: BuilderStore, said: string): void {
  store.setState({ said });
}
