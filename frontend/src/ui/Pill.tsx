import type { ReactNode } from 'react';
import classes from './Pill.module.css';

export type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'still' | 'new';

/** A short coloured word: a state or a count that wants to be seen. */
export function Pill({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={classes.pill} data-tone={tone}>
      {children}
    </span>
  );
}
