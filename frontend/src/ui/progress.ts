/** How far the rule that is open has come: told by the builder, read by the first-rule tour. Null: no rule is open. */
import { createContext, useContext } from 'react';
import type { StoreApi } from 'zustand';

export interface Progress {
  ruleId: number;
  /** It was never turned on so far. */
  fresh: boolean;
  start: boolean;
  condition: boolean;
  action: boolean;
  tested: boolean;
  on: boolean;
  /** What it listens to, to make a change that it hears; empty for a clock or a button. */
  table: string;
  events: readonly string[];
}

export interface Told {
  now: Progress | null;
  /** On top of what lies over the tour's strip, a place where it goes on speaking. */
  over: HTMLElement | null;
}

const ProgressContext = createContext<StoreApi<Told> | null>(null);

export const ProgressProvider = ProgressContext.Provider;

/** Null outside the frame: then nobody listens. */
export function useProgressStore(): StoreApi<Told> | null {
  return useContext(ProgressContext);
}
