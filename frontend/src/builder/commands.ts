/** Everything that can be done to the open rule, once: the menus, the keys and the palette all call these. */
import { nodeIn } from '../canvas/board';
import { titleKey } from '../canvas/face';
import type { CanvasHandle } from '../canvas/RuleCanvas';
import {
  duplicate,
  addFailed as failing,
  freshId,
  insertStep,
  moveStep,
  nudge,
  removeFailed,
  removeStep,
  setStops,
  stepAt,
} from '../model/edit';
import type { Opened } from '../model/graph';
import { countSteps, indexOf, nodeOf, placeOf, type Rule, type Slot, slotName } from '../model/rule';
import { slotForNew } from '../model/start';
import { isOff, maySwitchOff, switched } from '../model/switched';
import { DONE, FAILED, removeWay, sidesOf } from '../model/ways';
import { focusCard, focusCardIfLost, stepAtHand } from './cardFocus';
import { makeCopying } from './copying';
import { makeFreeCommands } from './freeCommands';
import { type Defaults, newNode, type StepKind } from './kinds';
import { announce, apply, type BuilderStore, changeNode, ruleOf, travel } from './store';

export type Say = (key: string, values?: Record<string, unknown>) => string;
export type Context = {
  readonly store: BuilderStore;
  readonly canvas: { readonly current: CanvasHandle | null };
  readonly say: Say;
  readonly defaults: Defaults;
  readonly removed: (undo: () => void) => void;
  /** Says on the screen, too, why something could not be done. */
  readonly refused: (text: string) => void;
  readonly titleOf: (opened: Opened, id: string) => string;
  /** What a step does, in words: tells steps of one kind apart. */
  readonly wordsOf: (opened: Opened, id: string) => string;
};

export type Commands = ReturnType<typeof makeCommands>;

export function makeCommands(context: Context) {
  const { store, canvas, say } = context;
  const rule = (): Rule | null => ruleOf(store.getState().history.present);
  const chosen = (): string | null => stepAtHand(store);

  function tell(key: string, id: string | null): void {
    const now = rule();
    if (!now) {
      const { present } = store.getState().history;
      announce(store, say(`builder.said.${key}`, { step: id === null ? '' : context.titleOf(present, id) }));
      return;
    }
    const order = indexOf(now).order;
    const at = id === null ? -1 : order.indexOf(id);
    announce(
      store,
      say(`builder.said.${key}`, {
        step: id === null ? '' : context.titleOf(now, id),
        after: at > 0 ? context.titleOf(now, order[at - 1] ?? '') : '',
        number: at + 1,
        count: order.length,
      }),
    );
  }

  function tellWay(key: 'failedAdded' | 'failedRemoved', id: string): void {
    announce(store, say(`ways.said.${key}`, { step: context.titleOf(store.getState().history.present, id) }));
  }

  function select(id: string | null): void {
    const state = store.getState();
    if (state.selected !== id)
      store.setState({
        selected: id,
        tab: state.tab === 'json' ? 'setup' : state.tab,
        menuAt: null,
        fresh: null,
      });
  }

  /** Does what may take a step away; whoever works by keyboard then goes on from the step before it. */
  function keepingFocus<Told>(perform: () => Told, id = chosen()): Told {
    const now = rule();
    const order = now ? indexOf(now).order : [];
    const told = perform();
    const before = id === null ? undefined : order[Math.max(0, order.indexOf(id) - 1)];
    if (before !== undefined) focusCardIfLost(before);
    return told;
  }

  function refuse(key: string): void {
    announce(store, say(key));
    context.refused(say(key));
  }

  /** Selects a step that was just made and brings it into view. */
  function show(id: string): void {
    select(id);
    void canvas.current?.show(id);
    focusCard(id);
  }

  const free = makeFreeCommands({
    store,
    say,
    defaults: context.defaults,
    show,
    refuse,
    wordsOf: context.wordsOf,
    removed: () => context.removed(() => travel(store, 'undo')),
  });

  function add(kind: StepKind, slot: Slot): void {
    if (free.isOpen()) {
      free.add(kind, slot);
      return;
    }
    const now = rule();
    if (!now) return;
    const id = freshId(now, kind.prefix);
    const refusal = apply(store, (r) => insertStep(r, slot, newNode(kind, id, context.defaults)), {
      select: id,
    });
    if (refusal) {
      announce(store, say(`builder.refusal.${refusal.reason}`));
      return;
    }
    store.setState({ tab: 'setup', fresh: id, menuAt: null });
    focusCardIfLost(id);
    tell('added', id);
  }

  function addAfterSelection(kind: StepKind): void {
    if (free.isOpen()) {
      free.addAfter(kind, chosen());
      return;
    }
    const now = rule();
    if (!now) return;
    add(kind, slotForNew(now, chosen()));
  }

  function move(id: string, slot: Slot): void {
    const before = rule();
    const refusal = apply(store, (r) => moveStep(r, id, slot), { select: id });
    if (refusal) announce(store, say(`builder.refusal.${refusal.reason}`));
    else if (rule() !== before) tell('moved', id);
  }

  function moveBy(id: string, direction: 'up' | 'down'): void {
    if (free.isOpen()) {
      refuse('steps.free.noMove');
      return;
    }
    const now = rule();
    const slot = now ? nudge(now, id, direction) : null;
    if (!slot) return;
    move(id, slot);
    focusCard(id);
  }

  /** `keep`: the side whose steps stay, `nothing` for none. */
  function removeNow(id: string, keep: string): void {
    const now = rule();
    if (!now) return;
    const title = context.titleOf(now, id);
    const refusal = keepingFocus(() => apply(store, (r) => removeStep(r, id, keep), { select: null }), id);
    if (refusal) {
      announce(store, say(`builder.refusal.${refusal.reason}`));
      return;
    }
    store.setState({ removing: null });
    announce(store, say('builder.said.removed', { step: title }));
    context.removed(() => travel(store, 'undo'));
  }

  function remove(id: string): void {
    if (free.isOpen()) {
      free.remove(id);
      return;
    }
    const now = rule();
    if (!now || !store.getState().editing) return;
    if (id === now.trigger.id) {
      announce(store, say('builder.refusal.the-start-stays'));
      return;
    }
    const step = placeOf(now, id)?.step;
    const full = step && sidesOf(step).some((side) => side.branch !== DONE && countSteps(side.steps) > 0);
    if (full) store.setState({ removing: id });
    else removeNow(id, DONE);
  }

  function toggleOff(id: string): void {
    const { history, editing } = store.getState();
    const node = nodeIn(history.present, id);
    if (!node || !editing || !maySwitchOff(node)) return;
    const way = isOff(node) ? 'on' : 'off';
    changeNode(store, id, (old) => switched(old, way));
    const key =
      way === 'on' || node.kind === 'action' || node.kind === 'wait'
        ? `steps.said.${way}`
        : node.kind === 'condition'
          ? 'steps.said.offIf'
          : 'ways.said.off';
    announce(store, say(key, { step: say(`builder.${titleKey(node)}`, { count: 1 }) }));
  }

  /** Opens the note of a step and puts the cursor into it. */
  function note(id: string): void {
    const { history, testing, editing } = store.getState();
    if (!editing || !nodeIn(history.present, id)) return;
    select(id);
    store.setState({
      tab: 'setup',
      testing: { ...testing, shown: false },
      painting: null,
      focusAt: { step: id, place: 'note', side: null },
    });
  }

  /** The previous or next step in reading order, or across to the other branch. */
  function walk(way: 'up' | 'down' | 'left' | 'right'): void {
    const now = rule();
    if (!now) {
      const next = free.next(chosen(), way);
      if (next !== null) show(next);
      return;
    }
    const { order, places } = indexOf(now);
    const id = chosen() ?? now.trigger.id;
    let next: string | undefined;
    if (way === 'up' || way === 'down') {
      next = order[Math.max(0, order.indexOf(id) + (way === 'up' ? -1 : 1))];
    } else {
      const place = places.get(id);
      const own = place ? sidesOf(place.step) : [];
      const owner = place ? places.get(place.slot.parent)?.step : undefined;
      const around = owner ? sidesOf(owner) : [];
      const from = around.findIndex((side) => side.branch === place?.slot.branch);
      const outer = way === 'left' ? own[0] : own.at(-1);
      const beside = around[way === 'left' ? from - 1 : from + 1];
      const row = own.length > 0 ? outer?.steps : from < 0 ? undefined : beside?.steps;
      next = row?.[own.length > 0 || !place ? 0 : Math.min(place.slot.index, row.length - 1)]?.node.id;
    }
    if (next === undefined || !nodeOf(now, next)) return;
    select(next);
    void canvas.current?.show(next);
    focusCard(next);
  }

  /** What was cut goes whole: it is on the clipboard. */
  function takeAway(id: string): void {
    if (free.isOpen()) free.remove(id);
    else removeNow(id, 'nothing');
  }

  /** Opens the settings of a step at the question where one of its ways leads. */
  function askWay(id: string, branch: string | null): void {
    select(id);
    const { testing } = store.getState();
    const place = `way/${branch ?? 'next'}`;
    store.setState({
      tab: 'setup',
      testing: { ...testing, shown: false },
      painting: null,
      focusAt: { step: id, place, side: null },
    });
  }

  /** Gives an action a path for when it fails, and asks for its first step. */
  function addFailed(id: string): void {
    if (free.isOpen()) {
      askWay(id, FAILED);
      return;
    }
    const now = rule();
    const step = now ? placeOf(now, id)?.step : undefined;
    if (!store.getState().editing || step?.node.kind !== 'action') return;
    if (!sidesOf(step).some((side) => side.branch === FAILED)) {
      if (apply(store, (r) => failing(r, id), { select: id }) !== null) return;
      tellWay('failedAdded', id);
    }
    const index = sidesOf(step).find((side) => side.branch === FAILED)?.steps.length ?? 0;
    openMenuAt(slotName({ parent: id, branch: FAILED, index }));
  }

  function openMenuAfter(id: string | null): void {
    const now = rule();
    const name = now ? slotName(slotForNew(now, id)) : free.plusAfter(id);
    if (name !== null && store.getState().editing) openMenuAt(name);
  }

  function openMenuAt(name: string): void {
    const open = (): void => store.setState({ menuAt: name });
    // A menu over a place that is out of sight would hide itself: bring the place into view first.
    if (canvas.current) void canvas.current.showSlot(name).then(open);
    else open();
  }

  return {
    select,
    add,
    addAfterSelection,
    move,
    moveBy,
    remove,
    removeNow,
    ...makeCopying({ store, say, tell, show, remove: takeAway, refuse, free }),
    duplicate: (id: string) => {
      if (free.isOpen()) free.duplicate(id);
      const now = rule();
      const place = now ? placeOf(now, id) : undefined;
      if (!place) return;
      const slot = { ...place.slot, index: place.slot.index + 1 };
      if (apply(store, (r) => duplicate(r, id)) !== null) return;
      const after = rule();
      const made = after ? stepAt(after, slot) : undefined;
      if (made) {
        select(made.node.id);
        focusCard(made.node.id);
      }
      tell('duplicated', made?.node.id ?? null);
    },
    toggleOff,
    note,
    walk,
    openMenuAfter,
    openMenuAt,
    redirect: free.redirect,
    askWay,
    addFailed,
    removeFailed: (id: string) => {
      if (apply(store, (r) => removeFailed(r, id)) !== null) return;
      tellWay('failedRemoved', id);
      context.removed(() => travel(store, 'undo'));
    },
    /** With the steps that stand on it. */
    removeWay: (id: string, key: string, name: string) => {
      changeNode(store, id, (old) => removeWay(old, key));
      announce(store, say('ways.said.removed', { way: name }));
      context.removed(() => travel(store, 'undo'));
    },
    setStops: (id: string, stops: boolean) => void apply(store, (r) => setStops(r, id, stops)),
    removeKeeping: free.remove,
    undo: () => {
      keepingFocus(() => travel(store, 'undo'));
      announce(store, say('builder.said.undone'));
    },
    redo: () => {
      keepingFocus(() => travel(store, 'redo'));
      announce(store, say('builder.said.redone'));
    },
  };
}
