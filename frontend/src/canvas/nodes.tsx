/** The parts of a drawing as React Flow nodes. They carry no data: each part listens to the board by its id. */
import type { Node, NodeProps } from '@xyflow/react';
import { useTranslation } from 'react-i18next';
import { type Box, CARD, type Drawing, END } from '../model/drawing';
import type { Painting } from '../model/paint';
import { EACH } from '../model/ways';
import { AddButton } from './AddButton';
import { nodeIn, useBoard } from './board';
import { branchName } from './branchName';
import classes from './canvas.module.css';
import { StepCard } from './StepCard';

const PLUS = 24;
const PILL = { width: 48, height: 22 } as const;
/** A name that people gave has more room, and is cut where that is not enough. */
const NAME = { width: 132, height: 22 } as const;
const SHORT: readonly string[] = ['yes', 'no'];

function CardNode({ id }: NodeProps) {
  return <StepCard id={id} />;
}

function SlotNode({ id }: NodeProps) {
  return <AddButton name={id.slice('slot:'.length)} />;
}

function PillNode({ id }: NodeProps) {
  const { t } = useTranslation();
  const [, line = ''] = id.split('pill:');
  const [step = '', branch = ''] = line.split(':');
  const node = useBoard((board) => nodeIn(board.opened, step));
  const name = branchName(node, branch, t);
  const taken = useBoard((board) => {
    if (!board.painting) return null;
    const taken = board.painting.taken;
    return (
      taken.has(`${line}:0`) ||
      [...taken].some((one) => one.endsWith(`:${branch}`) && one.startsWith(`${step}>`))
    );
  });
  return (
    <span
      className={classes.pill}
      data-branch={branch}
      data-long={!SHORT.includes(branch) || undefined}
      data-taken={taken === null ? undefined : taken}
      title={name}
    >
      <span>{name}</span>
    </span>
  );
}

/** Did the run come out of this path? */
function cameOut({ taken, steps }: Painting, side: string): boolean {
  // What failed for an item does not come to the next one by itself.
  if (side.endsWith(`:${EACH}`) && [...steps.values()].includes('failed')) return false;
  return [...taken].some((one) => one.startsWith(`${side}:`));
}

/** Where a path beside a step stops. */
function StopNode({ id }: NodeProps) {
  const { t } = useTranslation();
  const side = id.slice('stop:'.length);
  const taken = useBoard((board) => (board.painting ? cameOut(board.painting, side) : null));
  return (
    <span className={classes.pill} data-end data-taken={taken === null ? undefined : taken}>
      {t(side.endsWith(`:${EACH}`) ? 'builder.canvas.next' : 'builder.canvas.end')}
    </span>
  );
}

function EndNode() {
  const { t } = useTranslation();
  const taken = useBoard((board) => (board.painting ? board.painting.ended : null));
  return (
    <span className={classes.pill} data-end data-taken={taken === null ? undefined : taken}>
      {t('builder.canvas.end')}
    </span>
  );
}

export const nodeTypes = { card: CardNode, slot: SlotNode, pill: PillNode, end: EndNode, stop: StopNode };

function node(
  id: string,
  type: keyof typeof nodeTypes,
  x: number,
  y: number,
  size: { width: number; height: number },
): Node {
  return {
    id,
    type,
    position: { x, y },
    data: {},
    width: size.width,
    height: size.height,
    measured: { width: size.width, height: size.height },
    draggable: false,
    selectable: false,
    connectable: false,
    focusable: false,
    className: 'nopan',
  };
}

export function boxOfNode({ position: { x, y }, width = 0, height = 0 }: Node): Box {
  return [x, y, x + width, y + height];
}

/** The nodes of a drawing. One that did not move keeps its identity, so only what moved is drawn anew. */
export function flowNodes(drawing: Drawing, withSlots: boolean, before: readonly Node[]): Node[] {
  const known = new Map(before.map((one) => [one.id, one]));
  const made: Node[] = [
    ...drawing.cards.map((card) => node(card.id, 'card', card.x, card.y, CARD)),
    ...(withSlots
      ? drawing.slots.map((slot) =>
          node(`slot:${slot.name}`, 'slot', slot.x - PLUS / 2, slot.y - PLUS / 2, {
            width: PLUS,
            height: PLUS,
          }),
        )
      : []),
    ...drawing.pills.map((pill) => {
      const size = SHORT.includes(pill.branch) ? PILL : NAME;
      return node(`pill:${pill.id}`, 'pill', pill.x - size.width / 2, pill.y - size.height / 2, size);
    }),
    ...drawing.stops.map((stop) => node(`stop:${stop.id}`, 'stop', stop.x - END.width / 2, stop.y, END)),
    ...(drawing.end ? [node('end-pill', 'end', drawing.end.x - END.width / 2, drawing.end.y, END)] : []),
  ];
  return made.map((one) => {
    const old = known.get(one.id);
    return old && old.position.x === one.position.x && old.position.y === one.position.y ? old : one;
  });
}
