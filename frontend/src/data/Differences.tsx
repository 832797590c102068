import { useTranslation } from 'react-i18next';
import type { ChangeEvent, TableDetail } from '../api/types';
import classes from './Data.module.css';
import { useValue } from './useValue';

const SHOWN = 4;

interface Props {
  change: ChangeEvent;
  table: TableDetail;
  /** Also what a record began with, or last held. */
  whole: boolean;
}

/** Which fields a change touched, from what to what. */
export function Differences({ change, table, whole }: Props) {
  const { t } = useTranslation();
  const show = useValue();
  const { before, after } = change;
  const labels = new Map(table.columns.map((column) => [column.name, column.label]));
  const name = (column: string): string => labels.get(column) ?? column;
  if (change.op === 'update' && before !== null && after !== null) {
    const shown = whole ? change.changed : change.changed.slice(0, SHOWN);
    return (
      <ul className={classes.differences}>
        {shown.map((column) => (
          <li key={column}>
            <b>{name(column)}</b> <s>{show(before[column])}</s> → <span>{show(after[column])}</span>
          </li>
        ))}
        {change.changed.length > shown.length && <li>+{change.changed.length - shown.length}</li>}
      </ul>
    );
  }
  const row = after ?? before;
  if (!whole || row === null) return null;
  const filled = Object.entries(row).filter(([, value]) => value !== null && value !== '');
  return (
    <details className={classes.values}>
      <summary>{t(after === null ? 'why.record.last' : 'why.record.values')}</summary>
      <ul className={classes.differences}>
        {filled.map(([column, value]) => (
          <li key={column}>
            <b>{name(column)}</b> {show(value)}
          </li>
        ))}
      </ul>
    </details>
  );
}
