/** The connections of a drawing in one picture behind the cards: those in sight, and a good way around. */
import { ViewportPortal } from '@xyflow/react';
import { memo, useMemo } from 'react';
import { boxOf, type Drawing, type Line, meet } from '../model/drawing';
import { useBoard } from './board';
import classes from './canvas.module.css';
import { useSight } from './sight';

const OneLine = memo(function OneLine({ line }: { line: Line }) {
  const state = useBoard((board) =>
    board.painting ? (board.painting.taken.has(line.id) ? 'taken' : 'pale') : 'plain',
  );
  return <path d={line.d} className={classes.line} data-line={line.id} data-state={state} />;
});

/** How far beyond what is in sight lines are drawn, and how far one pans before others are. */
const AROUND = 800;

export const Lines = memo(function Lines({ drawing }: { drawing: Drawing }) {
  const sight = useSight(AROUND);
  const placed = useMemo(() => drawing.lines.map((line) => ({ line, box: boxOf(line) })), [drawing]);
  const lines = placed.filter(({ box }) => meet(box, sight));
  return (
    <ViewportPortal>
      <svg className={classes.lines} width="1" height="1" aria-hidden="true">
        {lines.map(({ line }) => (
          <OneLine key={line.id} line={line} />
        ))}
        {drawing.joins
          .filter(({ x, y }) => meet([x, y, x, y], sight))
          .map((join) => (
            <circle key={join.id} cx={join.x} cy={join.y} r={4} className={classes.join} />
          ))}
      </svg>
    </ViewportPortal>
  );
});
