/** Everything that can be done to the open rule, once: the menus, the keys and the palette all call these. */
import { nodeIn } from '../canvas/board';
import { titleKey } from '../canvas/face';
import type { CanvasHandle } from '../canvas/RuleCanvas';
import {
  duplicate,
  freshId,
  insertStep,
  moveStep,
  nudge,
  pasteSteps,
  removeStep,
  slotAfter,
  stepAt,
} from '../model/edit';
import { isRuleNode } from '../model/graph';
import { isList, isObject, type JSONValue } from '../model/json';
import {
  countSteps,
  indexOf,
  nodeOf,
  placeOf,
  type Rule,
  type Slot,
  type Step,
  slotName,
} from '../model/rule';
import { isOff, maySwitchOff, switched } from '../model/switched';
import { type Defaults, newNode, type StepKind } from './kinds';
import { announce, apply, type BuilderStore, changeNode, ruleOf, travel } from './store';

const CLIPBOARD = 'ruleyard.clipboard';

export type Say = (key: string, values?: Record<string, unknown>) => string;
export type Context = {
  readonly store: BuilderStore;
  readonly canvas: { readonly current: CanvasHandle | null };
  readonly say: Say;
  readonly defaults: Defaults;
  readonly removed: (undo: () => void) => void;
  readonly titleOf: (rule: Rule, id: string) => string;
};

export type Commands = ReturnType<typeof makeCommands>;

/** Steps as JSON, for the clipboard. */
function toText(step: Step): JSONValue {
  return step.kind === 'if'
    ? { node: step.node, yes: step.yes.map(toText), no: step.no.map(toText) }
    : { node: step.node };
}

function fromText(value: JSONValue): Step | null {
  if (!isObject(value)) return null;
  const { node, yes, no } = value;
  if (!isRuleNode(node)) return null;
  if (node.kind !== 'condition') return { kind: 'plain', node };
  const side = (list: JSONValue | undefined): Step[] =>
    (isList(list) ? list : []).map(fromText).filter((step): step is Step => step !== null);
  return { kind: 'if', node, yes: side(yes), no: side(no) };
}

/** Puts the focus on a step's card as soon as it is drawn. */
export function focusCard(id: string): void {
  let frames = 0;
  const look = (): void => {
    const button = document.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"] button`);
    if (button) button.focus({ preventScroll: true });
    else if (frames++ < 30) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

export function makeCommands(context: Context) {
  const { store, canvas, say } = context;
  const rule = (): Rule | null => ruleOf(store.getState().history.present);
  const chosen = (): string | null => store.getState().selected;

  function tell(key: string, id: string | null): void {
    const now = rule();
    if (!now) return;
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

  function add(kind: StepKind, slot: Slot): void {
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
    tell('added', id);
  }

  function addAfterSelection(kind: StepKind): void {
    const now = rule();
    if (!now) return;
    const id = chosen();
    const place = id === null ? undefined : placeOf(now, id);
    // After an If that is still empty, the new step belongs into its Yes.
    const slot: Slot =
      id !== null && place?.step.kind === 'if' && place.step.yes.length === 0
        ? { parent: id, branch: 'yes', index: 0 }
        : slotAfter(now, id);
    add(kind, slot);
  }

  function move(id: string, slot: Slot): void {
    const before = rule();
    const refusal = apply(store, (r) => moveStep(r, id, slot), { select: id });
    if (refusal) announce(store, say(`builder.refusal.${refusal.reason}`));
    else if (rule() !== before) tell('moved', id);
  }

  function moveBy(id: string, direction: 'up' | 'down'): void {
    const now = rule();
    const slot = now ? nudge(now, id, direction) : null;
    if (!slot) return;
    move(id, slot);
    focusCard(id);
  }

  function removeNow(id: string, keep: 'yes' | 'no' | 'nothing'): void {
    const now = rule();
    if (!now) return;
    const title = context.titleOf(now, id);
    const refusal = apply(store, (r) => removeStep(r, id, keep), { select: null });
    if (refusal) {
      announce(store, say(`builder.refusal.${refusal.reason}`));
      return;
    }
    store.setState({ removing: null });
    announce(store, say('builder.said.removed', { step: title }));
    context.removed(() => travel(store, 'undo'));
  }

  function remove(id: string): void {
    const now = rule();
    if (!now || !store.getState().editing) return;
    if (id === now.trigger.id) {
      announce(store, say('builder.refusal.the-start-stays'));
      return;
    }
    const step = placeOf(now, id)?.step;
    const full = step?.kind === 'if' && countSteps(step.yes) + countSteps(step.no) > 0;
    if (full) store.setState({ removing: id });
    else removeNow(id, 'nothing');
  }

  function toggleOff(id: string): void {
    const { history, editing } = store.getState();
    const node = nodeIn(history.present, id);
    if (!node || !editing || !maySwitchOff(node)) return;
    const way = isOff(node) ? 'on' : 'off';
    changeNode(store, id, (old) => switched(old, way));
    const key = way === 'off' && node.kind === 'condition' ? 'offIf' : way;
    announce(store, say(`steps.said.${key}`, { step: say(`builder.${titleKey(node)}`, { count: 1 }) }));
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

  function copy(id: string): void {
    const now = rule();
    const step = now ? placeOf(now, id)?.step : undefined;
    if (!step) return;
    localStorage.setItem(CLIPBOARD, JSON.stringify(toText(step)));
    tell('copied', id);
  }

  function paste(): void {
    const now = rule();
    if (!now) return;
    let step: Step | null = null;
    try {
      step = fromText(JSON.parse(localStorage.getItem(CLIPBOARD) ?? 'null'));
    } catch {
      step = null;
    }
    if (!step) return;
    const slot = slotAfter(now, chosen());
    const pasted = step;
    if (apply(store, (r) => pasteSteps(r, slot, [pasted])) !== null) return;
    const after = rule();
    const made = after ? stepAt(after, slot) : undefined;
    if (made) select(made.node.id);
    tell('pasted', made?.node.id ?? null);
  }

  /** The previous or next step in reading order, or across to the other branch. */
  function walk(way: 'up' | 'down' | 'left' | 'right'): void {
    const now = rule();
    if (!now) return;
    const { order, places } = indexOf(now);
    const id = chosen() ?? now.trigger.id;
    let next: string | undefined;
    if (way === 'up' || way === 'down') {
      next = order[Math.max(0, order.indexOf(id) + (way === 'up' ? -1 : 1))];
    } else {
      const branch = way === 'left' ? 'yes' : 'no';
      const step = places.get(id)?.step;
      const slot = places.get(id)?.slot;
      const owner = slot ? places.get(slot.parent)?.step : undefined;
      const split = step?.kind === 'if' ? step : owner?.kind === 'if' ? owner : undefined;
      const row = split?.[branch];
      next = row?.[split === owner && slot ? Math.min(slot.index, row.length - 1) : 0]?.node.id;
    }
    if (next === undefined || !nodeOf(now, next)) return;
    select(next);
    void canvas.current?.show(next);
    focusCard(next);
  }

  function openMenuAfter(id: string | null): void {
    const now = rule();
    if (!now || !store.getState().editing) return;
    const name = slotName(slotAfter(now, id));
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
    copy,
    cut: (id: string) => {
      copy(id);
      remove(id);
    },
    paste,
    duplicate: (id: string) => {
      const now = rule();
      const place = now ? placeOf(now, id) : undefined;
      if (!place) return;
      const slot = { ...place.slot, index: place.slot.index + 1 };
      if (apply(store, (r) => duplicate(r, id)) !== null) return;
      const after = rule();
      const made = after ? stepAt(after, slot) : undefined;
      if (made) select(made.node.id);
      tell('duplicated', made?.node.id ?? null);
    },
    toggleOff,
    note,
    walk,
    openMenuAfter,
    undo: () => {
      travel(store, 'undo');
      announce(store, say('builder.said.undone'));
    },
    redo: () => {
      travel(store, 'redo');
      announce(store, say('builder.said.redone'));
    },
  };
}
