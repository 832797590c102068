/**
 * A rule drawn on React Flow, which gives pan and zoom; places are computed, only what is in sight is drawn, nothing
 * is dragged or wired freely. The builder edits on it; test, run detail and explanation paint a trace on it.
 */
import '@xyflow/react/dist/base.css';
import { useComputedColorScheme } from '@mantine/core';
import { IconMaximize } from '@tabler/icons-react';
import {
  Background,
  ControlButton,
  Controls,
  type Edge,
  type Node,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from '@xyflow/react';
import {
  type FocusEvent,
  memo,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { type Drawing, meet } from '../model/drawing';
import type { Opened } from '../model/graph';
import { layoutFree } from '../model/layeredLayout';
import { type Slot, shapeOf } from '../model/rule';
import { layoutTree } from '../model/treeLayout';
import { type Board, BoardProvider, createBoard } from './board';
import { CanvasMap } from './CanvasMap';
import classes from './canvas.module.css';
import { Lines } from './Lines';
import { boxOfNode, flowNodes, nodeTypes } from './nodes';
import { useSight } from './sight';
import { useCanvasLabels } from './useCanvasLabels';
import { moving, type Purpose, useView } from './useView';

export type CanvasHandle = {
  /** The place to drop nearest to the pointer, null outside the canvas or too far from any. */
  readonly nearestSlot: (x: number, y: number) => Slot | null;
  /** Brings a card into view; resolves when it can be focused. */
  readonly show: (id: string) => Promise<void>;
  readonly showSlot: (name: string) => Promise<void>;
  readonly fit: () => void;
  readonly zoom: (factor: number) => void;
};

type Props = Board & {
  readonly handle?: Ref<CanvasHandle>;
  readonly label: string;
  readonly purpose?: Purpose;
};

const REACH_PX = 320;
const NO_EDGES: Edge[] = [];
const SHOWN = { hideAttribution: false } as const;

/** The drawing, made anew only when the shape of the rule changes. */
function useDrawing(opened: Opened): Drawing {
  const shape = opened.kind === 'rule' ? shapeOf(opened) : opened;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the drawing depends on the shape alone
  return useMemo(() => (opened.kind === 'rule' ? layoutTree(opened) : layoutFree(opened)), [shape]);
}

function Inner({ handle, label, purpose = 'editing', ...board }: Props) {
  const [store] = useState(() => createBoard(board));
  const drawing = useDrawing(board.opened);
  const kept = useRef<Node[]>([]);
  const nodes = useMemo(() => {
    kept.current = flowNodes(drawing, board.editable, kept.current);
    return kept.current;
  }, [drawing, board.editable]);
  const root = useRef<HTMLDivElement>(null);
  const flow = useReactFlow();
  // A mouse that pulls at a card carries it; a finger pans, and carries after a long press.
  const [finger, setFinger] = useState(() => matchMedia('(pointer: coarse)').matches);
  const { selected } = board;
  const view = useView(root, drawing, selected, purpose);
  useLayoutEffect(() => store.setState(board));

  useEffect(() => {
    if (selected !== null) void view.show(selected);
  }, [selected, view]);

  // Cards a little out of sight are drawn, too: the Tab key that goes to one brings it in.
  const reached = ({ target }: FocusEvent): void => {
    if (!target.matches(':focus-visible')) return;
    const id = target.closest<HTMLElement>('[data-card]')?.dataset['card'];
    const slot = target.closest<HTMLElement>('[data-slot]')?.dataset['slot'];
    if (id !== undefined) void view.show(id);
    else if (slot !== undefined) void view.showSlot(slot);
  };

  useImperativeHandle(
    handle,
    () => ({
      nearestSlot: (x, y) => {
        const box = root.current?.getBoundingClientRect();
        if (!box || x < box.left || x > box.right || y < box.top || y > box.bottom) return null;
        const at = flow.screenToFlowPosition({ x, y });
        let best: { slot: Slot; distance: number } | null = null;
        for (const place of drawing.slots) {
          const distance = Math.hypot(place.x - at.x, place.y - at.y) * flow.getZoom();
          if (distance <= REACH_PX && (!best || distance < best.distance))
            best = { slot: place.slot, distance };
        }
        return best?.slot ?? null;
      },
      show: view.show,
      showSlot: view.showSlot,
      fit: view.fit,
      zoom: (factor) => void flow.zoomTo(flow.getZoom() * factor, moving(120)),
    }),
    [drawing, flow, view],
  );

  return (
    <BoardProvider value={store}>
      {/* biome-ignore lint/a11y/useSemanticElements: a region named after the rule */}
      <div
        ref={root}
        className={classes.canvas}
        role="region"
        aria-label={label}
        data-editable={board.editable || undefined}
        onPointerDownCapture={(event) => setFinger(event.pointerType === 'touch')}
        onFocus={reached}
      >
        <Flow nodes={nodes} drawing={drawing} onFitView={view.fit} finger={finger} />
      </div>
    </BoardProvider>
  );
}

type FlowProps = {
  readonly nodes: Node[];
  readonly drawing: Drawing;
  readonly onFitView: () => void;
  readonly finger: boolean;
};

/** How far beyond what is in sight cards are drawn. */
const AROUND = 240;

/** Drawn anew only when a step came, went, moved or came in sight: what a card says, each card hears for itself. */
const Flow = memo(function Flow({ nodes: all, drawing, onFitView, finger }: FlowProps) {
  const { t } = useTranslation();
  const sight = useSight(AROUND);
  // React Flow gets no other nodes: it goes through all that it has for every frame of a pan.
  const nodes = useMemo(() => all.filter((node) => meet(boxOfNode(node), sight)), [all, sight]);
  const labels = useCanvasLabels();
  const scheme = useComputedColorScheme('light');
  return (
    <ReactFlow
      nodes={nodes}
      edges={NO_EDGES}
      nodeTypes={nodeTypes}
      colorMode={scheme}
      minZoom={0.2}
      maxZoom={1.5}
      nodesDraggable={false}
      nodesConnectable={false}
      nodesFocusable={false}
      elementsSelectable={false}
      panOnScroll
      zoomOnScroll={false}
      zoomOnPinch
      zoomOnDoubleClick={false}
      noPanClassName={finger ? 'nopan-finger' : 'nopan'}
      disableKeyboardA11y
      deleteKeyCode={null}
      selectionKeyCode={null}
      multiSelectionKeyCode={null}
      ariaLabelConfig={labels}
      proOptions={SHOWN}
    >
      <Background gap={22} size={1.4} />
      <Lines drawing={drawing} />
      <Controls showInteractive={false} showFitView={false} aria-label={t('builder.canvas.controls')}>
        <ControlButton onClick={onFitView} title={t('look.canvas.fit')} aria-label={t('look.canvas.fit')}>
          <IconMaximize aria-hidden />
        </ControlButton>
      </Controls>
      {drawing.cards.length > 40 && <CanvasMap drawing={drawing} />}
    </ReactFlow>
  );
});

export function RuleCanvas(props: Props) {
  return (
    <ReactFlowProvider>
      <Inner {...props} />
    </ReactFlowProvider>
  );
}
