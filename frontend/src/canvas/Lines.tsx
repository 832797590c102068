/** All connections of a drawing in one picture behind the cards. */
import { ViewportPortal } from '@xyflow/react';
import { memo } from 'react';
import type { Drawing, Line } from '../model/drawing';
import { useBoard } from './board';
import classes from './canvas.module.css';

const OneLine = memo(function OneLine({ line }: { line: Line }) {
  const state = useBoard((board) =>
    board.painting ? (board.painting.taken.has(line.id) ? 'taken' : 'pale') : 'plain',
  );
  return <path d={line.d} className={classes.line} data-line={line.id} data-state={state} />;
});

export const Lines = memo(function Lines({ drawing }: { drawing: Drawing }) {
  return (
    <ViewportPortal>
      <svg className={classes.lines} width="1" height="1" aria-hidden="true">
        {drawing.lines.map((line) => (
          <OneLine key={line.id} line={line} />
        ))}
        {drawing.joins.map((join) => (
          <circle key={join.id} cx={join.x} cy={join.y} r={4} className={classes.join} />
        ))}
      </svg>
    </ViewportPortal>
  );
});
