import { MiniMap } from '@xyflow/react';
import { useTranslation } from 'react-i18next';
import classes from './canvas.module.css';

/** The small map of a long rule. */
export function CanvasMap() {
  const { t } = useTranslation();
  return (
    <MiniMap
      pannable
      zoomable
      ariaLabel={t('builder.canvas.map')}
      className={classes.map ?? ''}
      nodeColor={(node) => (node.type === 'card' ? 'var(--ry-map-card)' : 'transparent')}
      nodeStrokeWidth={0}
    />
  );
}
