/**
 * The small map of a long rule: all cards as one picture, and a frame around what is in sight. Press or pull in it to
 * go there, turn the wheel over it to zoom.
 */
import { Panel, type ReactFlowState, useReactFlow, useStore } from '@xyflow/react';
import { memo, type PointerEvent, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import { CARD, type Drawing } from '../model/drawing';
import classes from './canvas.module.css';

const MAP = { width: 200, height: 150, edge: 5 } as const;
/** Smaller than this nothing is to be seen on the map. */
const LEAST_PX = 1;
/** Room that is shown around the drawing. */
const BESIDE = 40;
const LEAST_SIGHT = { width: 8, height: 4 } as const;

/** Where the drawing lies on the map: so many pixels for one of its own, and the middle of the map. */
type Scale = { readonly ratio: number; readonly x: number; readonly y: number };

function scaleOf({ left, right, bottom }: Drawing): Scale {
  const ratio = Math.min(
    (MAP.width - 2 * MAP.edge) / Math.max(1, right - left),
    (MAP.height - 2 * MAP.edge) / Math.max(1, bottom),
  );
  return { ratio, x: (left + right) / 2, y: bottom / 2 };
}

/** Nearest to `at` with half of what is in sight on either side inside; the middle where all of it is in sight. */
function within(at: number, from: number, to: number, inSight: number): number {
  if (to - from <= inSight) return (from + to) / 2;
  return Math.max(from + inSight / 2, Math.min(to - inSight / 2, at));
}

const Cards = memo(function Cards({ drawing }: { drawing: Drawing }) {
  const { ratio, x, y } = scaleOf(drawing);
  const width = Math.max(LEAST_PX, CARD.width * ratio);
  const height = Math.max(LEAST_PX, CARD.height * ratio);
  const d = drawing.cards
    .map((card) => {
      const left = (card.x - x) * ratio + MAP.width / 2;
      const top = (card.y - y) * ratio + MAP.height / 2;
      return `M${left.toFixed(1)} ${top.toFixed(1)}h${width}v${height}h${-width}z`;
    })
    .join('');
  return (
    <svg width={MAP.width} height={MAP.height} aria-hidden="true">
      <path d={d} className={classes.mapCards} />
    </svg>
  );
});

export function CanvasMap({ drawing }: { drawing: Drawing }) {
  const { t } = useTranslation();
  const { getZoom, setCenter, zoomTo } = useReactFlow();
  const root = useRef<HTMLDivElement>(null);
  const scale = useMemo(() => scaleOf(drawing), [drawing]);
  const sight = useStore(
    useShallow(({ transform: [x, y, zoom], width, height }: ReactFlowState) => ({
      left: -x / zoom,
      top: -y / zoom,
      width: width / zoom,
      height: height / zoom,
    })),
  );

  useEffect(() => {
    const map = root.current;
    const turn = (event: WheelEvent): void => {
      event.preventDefault();
      void zoomTo(getZoom() * 2 ** (-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.002)));
    };
    map?.addEventListener('wheel', turn, { passive: false });
    return () => map?.removeEventListener('wheel', turn);
  }, [getZoom, zoomTo]);

  const go = (event: PointerEvent<HTMLElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const x = (event.clientX - box.left - box.width / 2) / scale.ratio + scale.x;
    const y = (event.clientY - box.top - box.height / 2) / scale.ratio + scale.y;
    // A pixel here is far there: nobody is led beside a long and narrow rule.
    void setCenter(
      within(x, drawing.left - BESIDE, drawing.right + BESIDE, sight.width),
      within(y, -BESIDE, drawing.bottom + BESIDE, sight.height),
      { zoom: getZoom() },
    );
  };
  const width = Math.max(LEAST_SIGHT.width, sight.width * scale.ratio);
  const height = Math.max(LEAST_SIGHT.height, sight.height * scale.ratio);
  const left = (sight.left + sight.width / 2 - scale.x) * scale.ratio + (MAP.width - width) / 2;
  const top = (sight.top + sight.height / 2 - scale.y) * scale.ratio + (MAP.height - height) / 2;
  return (
    <Panel position="bottom-right">
      <div
        ref={root}
        role="img"
        aria-label={t('builder.canvas.map')}
        className={classes.map}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          go(event);
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) go(event);
        }}
      >
        <Cards drawing={drawing} />
        <span
          className={classes.mapSight}
          style={{ transform: `translate(${left}px, ${top}px)`, width, height }}
        />
      </div>
    </Panel>
  );
}
