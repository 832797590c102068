/** The edge between canvas and panel: dragged by pointer, moved by arrow keys, Home and End; the width is remembered. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clampWidth, END_PX, movedWidth, rememberWidth, START_PX, USUAL_PX } from './panelWidth';
import classes from './splitter.module.css';

type Props = {
  readonly width: number;
  readonly onWidth: (width: number) => void;
};

export function Splitter({ width, onWidth }: Props) {
  const { t } = useTranslation();
  const [held, setHeld] = useState(false);
  const settle = (wanted: number): void => {
    onWidth(wanted);
    rememberWidth(wanted);
  };
  const grab = (event: React.PointerEvent<HTMLElement>): void => {
    if (event.button !== 0) return;
    const from = event.clientX;
    let now = width;
    const move = (next: PointerEvent): void => {
      now = clampWidth(width + from - next.clientX);
      onWidth(now);
    };
    const end = (): void => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', end);
      window.removeEventListener('pointercancel', end);
      document.body.style.userSelect = '';
      setHeld(false);
      rememberWidth(now);
    };
    document.body.style.userSelect = 'none';
    setHeld(true);
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', end);
    window.addEventListener('pointercancel', end);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule between texts cannot be moved
    <div
      className={classes.splitter}
      data-held={held || undefined}
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={t('look.panelWidth')}
      aria-valuemin={START_PX}
      aria-valuemax={END_PX}
      aria-valuenow={width}
      onPointerDown={grab}
      onDoubleClick={() => settle(USUAL_PX)}
      onKeyDown={(event) => {
        const wanted = movedWidth(width, event.key);
        if (wanted === null) return;
        event.preventDefault();
        event.stopPropagation();
        settle(wanted);
      }}
    />
  );
}
