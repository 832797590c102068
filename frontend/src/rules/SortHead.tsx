/** The head of a column that the list can be ordered by: up, down, and said so. The order lives in the address. */
import { Table } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconSelector } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import classes from './SortHead.module.css';

const route = getRouteApi('/shell/rules');

type Column = 'name' | 'runs' | 'last_run';

interface Props {
  by: Column;
  /** Pixels: where there is little room, and from 1200 on. */
  width?: { base: number; lg: number };
  children: ReactNode;
}

export function SortHead({ by, width, children }: Props) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const sort = search.sort ?? 'name';
  const rising = sort === by;
  const falling = sort === `-${by}`;
  const turn = () => {
    const { sort: _, ...rest } = search;
    // Names begin with A; of numbers and times people want the largest first.
    const first = by === 'name' ? by : (`-${by}` as const);
    const second = by === 'name' ? (`-${by}` as const) : by;
    const next = sort === first ? second : first;
    void navigate({ search: next === 'name' ? rest : { ...rest, sort: next } });
  };
  const Icon = rising ? IconArrowUp : falling ? IconArrowDown : IconSelector;
  return (
    <Table.Th
      {...(width === undefined ? {} : { w: width })}
      aria-sort={rising ? 'ascending' : falling ? 'descending' : 'none'}
    >
      <button
        type="button"
        className={classes.head}
        data-active={rising || falling || undefined}
        onClick={turn}
      >
        {children}
        <Icon size={15} stroke={2} aria-hidden="true" />
      </button>
    </Table.Th>
  );
}
