/** What an evaluation may spend, and how it ends early. The same numbers as backend core/logic/budget.py. */
export const MAX_DEPTH = 32;
export const MAX_NODES = 2_000;
export const MAX_STEPS = 100_000;
export const MAX_PRODUCED = 1_000_000;
export const LIST_ITEM_COST = 8;
export const MAX_PATH = 10_000;
export const MAX_NUMBER = 400;

/** Thrown inside closures only; `evaluate` and `trace` turn it into a value. */
export class Broken extends Error {
  constructor(
    readonly path: string,
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

const NOTHING_SEEN: Map<string, Glimpse> = new Map();

export class Budget {
  private steps = MAX_STEPS;
  private produced = MAX_PRODUCED;

  /** What was seen, by path, where the expression was compiled traced. */
  constructor(readonly seen: Map<string, Glimpse> = NOTHING_SEEN) {}

  spend(steps: number, path: string): void {
    this.steps -= steps;
    if (this.steps < 0) throw new Broken(path, 'too-many-steps', 'This takes more than 100,000 steps.');
  }

  produce(size: number, path: string): void {
    this.produced -= size;
    if (this.produced < 0) throw tooBig(path);
  }
}

export type Glimpse = { done: true; value: import('./json').JSONValue } | { done: false };

export const tooBig = (path: string): Broken =>
  new Broken(path, 'too-big', 'This makes more than 1 MB of text or lists.');
