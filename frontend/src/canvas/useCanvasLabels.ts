/** What React Flow says of itself, in the reader's language. Its hints on moving nodes are untrue here: none are given. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

export function useCanvasLabels() {
  const { t } = useTranslation();
  return useMemo(
    () => ({
      'node.a11yDescription.default': '',
      'node.a11yDescription.keyboardDisabled': '',
      'edge.a11yDescription.default': '',
      'controls.ariaLabel': t('builder.canvas.controls'),
      'controls.zoomIn.ariaLabel': t('look.canvas.zoomIn'),
      'controls.zoomOut.ariaLabel': t('look.canvas.zoomOut'),
    }),
    [t],
  );
}
