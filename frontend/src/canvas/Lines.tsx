/** The connections of a drawing in one picture behind the cards: those in sight, and a good way around. */
import { type ReactFlowState, useStore, ViewportPortal } from '@xyflow/react';
import { memo, useMemo } from 'react';
import { type Box, boxOf, type Drawing, type Line, meet } from '../model/drawing';
import { useBoard } from './board';
import classes from './canvas.module.css';

const OneLine = memo(function OneLine({ line }: { line: Line }) {
  const state = useBoard((board) =>
    board.painting ? (board.painting.taken.has(line.id) ? 'taken' : 'pale') : 'plain',
  );
  return <path d={line.d} className={classes.line} data-line={line.id} data-state={state} />;
});

/** How far beyond what is in sight lines are drawn, and how far one pans before others are. */
const AROUND = 800;

/** The part of the drawing that is in sight, in steps of `AROUND`, so that panning seldom draws anew. */
function inSight({ transform: [x, y, zoom], width, height }: ReactFlowState): Box {
  const down = (at: number): number => Math.floor(at / AROUND - 1) * AROUND;
  const up = (at: number): number => Math.ceil(at / AROUND + 1) * AROUND;
  return [down(-x / zoom), down(-y / zoom), up((width - x) / zoom), up((height - y) / zoom)];
}

const same = (one: Box, other: Box): boolean => one.every((edge, place) => edge === other[place]);

export const Lines = memo(function Lines({ drawing }: { drawing: Drawing }) {
  const sight = useStore(inSight, same);
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
