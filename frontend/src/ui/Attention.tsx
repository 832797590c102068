import type { ReactNode } from 'react';
import classes from './Attention.module.css';

/** The red-framed box on top of a list: something failed and wants a person. */
export function Attention({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.box} aria-label={title}>
      <p className={classes.title}>{title}</p>
      {children}
    </section>
  );
}
