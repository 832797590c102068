/** Which part of a drawing is in sight: what stands elsewhere is not drawn, so a long rule costs what a short one does. */
import { type ReactFlowState, useStore } from '@xyflow/react';
import { useCallback } from 'react';
import { type Box, gridAround } from '../model/drawing';

const same = (one: Box, other: Box): boolean => one.every((edge, place) => edge === other[place]);

/** What is in sight and at least `margin` around it, in steps of `margin`: panning seldom draws anew. */
export function useSight(margin: number): Box {
  return useStore(
    useCallback(
      ({ transform: [x, y, zoom], width, height }: ReactFlowState) =>
        gridAround([-x / zoom, -y / zoom, (width - x) / zoom, (height - y) / zoom], margin),
      [margin],
    ),
    same,
  );
}
