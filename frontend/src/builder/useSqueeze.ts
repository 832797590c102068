/** How far the bar must shorten its buttons so that the rule's name can be read; knows widths, not what is shortened. */
import { useMediaQuery } from '@mantine/hooks';
import { type RefObject, useEffect, useLayoutEffect, useState } from 'react';

/** Words on every button, then fewer, then icons only; on a phone at last a row for the tools alone. */
const ICONS = 3;
export const ROW_OF_TOOLS = 4;
/** On a phone the bar has two rows; where few words do not do, icons keep them two. */
const ON_A_PHONE = 2;
/** More than two rows are at least this high; pixels. */
const THREE_ROWS = 116;
/** A longer name is cut whatever the room; pixels, as `.name` in builder.module.css. */
const LONGEST_NAME = 420;

/** What is kept free at the end of the bar; pixels, at most its padding. */
const EDGE = 7;

function tight(bar: HTMLElement, phone: boolean): boolean {
  if (phone) return bar.clientHeight > THREE_ROWS;
  const name = bar.querySelector('input');
  const cut = name !== null && name.scrollWidth > name.clientWidth + 1 && name.offsetWidth < LONGEST_NAME;
  // What hangs over into the padding counts, too: no width of the bar tells of it.
  const end = bar.lastElementChild?.getBoundingClientRect().right ?? 0;
  return cut || end > bar.getBoundingClientRect().right - EDGE;
}

/** 0 (all words) to ICONS, on a phone to ROW_OF_TOOLS; measured anew when the bar's width or what it says (`content`) changes. */
export function useSqueeze(bar: RefObject<HTMLElement | null>, content: string): number {
  const phone = useMediaQuery('(max-width: 768px)') ?? false;
  const [width, setWidth] = useState(0);
  const key = `${phone} ${width} ${content}`;
  const [measured, setMeasured] = useState({ key, level: 0 });
  const least = phone ? ON_A_PHONE : 0;
  const level = Math.max(least, measured.key === key ? measured.level : 0);

  useEffect(() => {
    const box = bar.current;
    if (!box) return;
    const observer = new ResizeObserver(() => setWidth(box.clientWidth));
    observer.observe(box);
    return () => observer.disconnect();
  }, [bar]);

  // Before anything is painted: one step shorter for as long as it does not fit.
  useLayoutEffect(() => {
    if (bar.current && level < (phone ? ROW_OF_TOOLS : ICONS) && tight(bar.current, phone))
      setMeasured({ key, level: level + 1 });
  }, [bar, key, level, phone]);
  return level;
}
