/** A ring around the control that comes next. Nothing can be pressed on it, and it follows its control. */
import { useEffect, useRef } from 'react';
import type { Step } from './steps';
import { targetOf } from './targets';
import classes from './tour.module.css';

const GAP = 4;

export function Ring({ step }: { step: Step }) {
  const ring = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let frame = 0;
    let drawn = '';
    const follow = () => {
      frame = requestAnimationFrame(follow);
      const box = targetOf(step)?.getBoundingClientRect();
      const next = box ? [box.left, box.top, box.width, box.height].join() : '';
      if (next === drawn || !ring.current) return;
      drawn = next;
      ring.current.hidden = !box;
      if (!box) return;
      Object.assign(ring.current.style, {
        left: `${box.left - GAP}px`,
        top: `${box.top - GAP}px`,
        width: `${box.width + 2 * GAP}px`,
        height: `${box.height + 2 * GAP}px`,
      });
    };
    follow();
    return () => cancelAnimationFrame(frame);
  }, [step]);
  return <div ref={ring} className={classes.ring} aria-hidden="true" hidden />;
}
