/** The parts of a trace that its story tells; runs, tests and explanations all have them. */

import type { TraceLike } from '../model/paint';
import type { TimedStep } from './badges';

export type TraceStepInfo = TimedStep & {
  readonly seen?: readonly {
    readonly path: string;
    readonly operator: string;
    readonly truth?: boolean | 'error' | null | undefined;
    readonly values?: readonly unknown[];
  }[];
  readonly input?: unknown;
  readonly output?: unknown;
  readonly error?:
    | { readonly code: string; readonly message: string; readonly detail?: string; readonly path?: string }
    | null
    | undefined;
};

export type Attempt = {
  readonly number: number;
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly outcome: string;
  readonly error: { readonly message: string; readonly detail?: string } | null;
};

export type StoryTrace = { readonly outcome: TraceLike['outcome']; readonly steps: readonly TraceStepInfo[] };
