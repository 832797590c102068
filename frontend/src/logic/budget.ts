/** What an evaluation may spend, and how it ends early. The same numbers as backend core/logic/budget.py. */
import { lengthOf } from './characters';

export const MAX_DEPTH = 32;
export const MAX_NODES = 2_000;
const MAX_STEPS = 100_000;
/** Of text that is compared, measured or searched. */
export const CHARACTERS_A_STEP = 64;
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

  /** Text that is looked at from end to end; short text costs nothing. */
  read(text: string, other: string, path: string): void {
    if (text.length < CHARACTERS_A_STEP || other.length < CHARACTERS_A_STEP) return;
    const most = Math.min(text.length, other.length);
    if (most > 2 * CHARACTERS_A_STEP * (MAX_STEPS + 1)) this.spend(MAX_STEPS + 1, path);
    const characters = text === other ? lengthOf(text) : Math.min(lengthOf(text), lengthOf(other));
    this.spend(Math.floor(characters / CHARACTERS_A_STEP), path);
  }

  produce(size: number, path: string): void {
    this.produced -= size;
    if (this.produced < 0) throw tooBig(path);
  }
}

export type Glimpse = { done: true; value: import('./json').JSONValue } | { done: false };

export const tooBig = (path: string): Broken =>
  new Broken(path, 'too-big', 'This makes more than 1 MB of text or lists.');
