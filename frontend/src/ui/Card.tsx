import { Paper, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Card.module.css';

interface Props {
  title?: string;
  aside?: ReactNode;
  children: ReactNode;
}

/** A framed part of a page, with its own small title. */
export function Card({ title, aside, children }: Props) {
  return (
    <Paper component="section" withBorder className={classes.card}>
      {title !== undefined && (
        <div className={classes.head}>
          <Title order={2}>{title}</Title>
          {aside}
        </div>
      )}
      {children}
    </Paper>
  );
}
