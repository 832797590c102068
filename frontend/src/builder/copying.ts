/** Copying, cutting and pasting steps: by keys through the browser's own events, by menu through the clipboard. */
import { nodeIn } from '../canvas/board';
import { clipText, readClip } from '../model/clip';
import { pasteSteps, slotAfter, stepAt } from '../model/edit';
import { placeOf, type Step } from '../model/rule';
import { stepFrom } from '../model/ways';
import { copyText, keep, pasted, systemText } from './clipboard';
import type { Say } from './commands';
import type { makeFreeCommands } from './freeCommands';
import { announce, apply, type BuilderStore, ruleOf } from './store';

type Tools = {
  readonly store: BuilderStore;
  readonly say: Say;
  readonly tell: (key: string, id: string | null) => void;
  readonly show: (id: string) => void;
  /** Takes a cut step away, with all that is inside it. */
  readonly remove: (id: string) => void;
  readonly refuse: (key: string) => void;
  readonly free: Pick<ReturnType<typeof makeFreeCommands>, 'isOpen' | 'paste'>;
};

export function makeCopying({ store, say, tell, show, remove, refuse, free }: Tools) {
  const opened = () => store.getState().history.present;

  /** A step with all that is inside it; the start is none. */
  function stepsOf(id: string): readonly Step[] {
    const rule = ruleOf(opened());
    const step = rule ? placeOf(rule, id)?.step : undefined;
    if (step) return [step];
    const node = rule ? undefined : nodeIn(opened(), id);
    return node && node.kind !== 'trigger' ? [stepFrom(node)] : [];
  }

  function clip(id: string): string | null {
    const steps = stepsOf(id);
    if (steps.length > 0) return clipText(steps);
    announce(store, say('builder.refusal.the-start-stays'));
    return null;
  }

  /** Puts a step into the event that the browser makes of Ctrl+C or Ctrl+X. */
  function copyInto(event: ClipboardEvent, id: string): void {
    const text = clip(id);
    if (text === null || !event.clipboardData) return;
    event.clipboardData.setData('text/plain', text);
    event.preventDefault();
    keep(text, true);
    if (event.type !== 'cut' || !store.getState().editing) tell('copied', id);
    else remove(id);
  }

  function copy(id: string): void {
    const text = clip(id);
    if (text === null) return;
    void copyText(text);
    tell('copied', id);
  }

  function pasteText(system: string | null, after: string | null): void {
    if (!store.getState().editing) {
      refuse('builder.top.readOnly');
      return;
    }
    const read = readClip(pasted(system, (text) => readClip(text).kind === 'steps'));
    if (read.kind === 'refusal') {
      refuse(`steps.paste.${read.reason}`);
      return;
    }
    if (free.isOpen()) {
      free.paste(read.steps, after);
      return;
    }
    const rule = ruleOf(opened());
    if (!rule) return;
    const slot = slotAfter(rule, after);
    const refusal = apply(store, (now) => pasteSteps(now, slot, read.steps));
    if (refusal) {
      refuse(`builder.refusal.${refusal.reason}`);
      return;
    }
    const now = ruleOf(opened());
    const made = now ? stepAt(now, slot) : undefined;
    if (made) show(made.node.id);
    tell('pasted', made?.node.id ?? null);
  }

  return {
    copyInto,
    copy,
    pasteText,
    paste: (after: string) => void systemText().then((text) => pasteText(text, after)),
  };
}
