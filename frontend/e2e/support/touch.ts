/** A finger on the page, as the browser itself feels it (Playwright's own touch knows only the tap). */
import type { Locator, Page } from '@playwright/test';
import { expect } from './house';

type Point = { readonly x: number; readonly y: number };

export type Finger = {
  readonly down: (at: Point) => Promise<void>;
  /** In small steps, as a finger moves. */
  readonly move: (to: Point) => Promise<void>;
  readonly up: () => Promise<void>;
};

export async function finger(page: Page): Promise<Finger> {
  const session = await page.context().newCDPSession(page);
  let now: Point = { x: 0, y: 0 };
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: Point[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: points });
  return {
    down: async (at) => {
      now = at;
      await send('touchStart', [at]);
    },
    move: async (to) => {
      const from = now;
      for (let step = 1; step <= 8; step += 1) {
        const part = step / 8;
        now = { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
        await send('touchMove', [now]);
      }
    },
    up: async () => {
      await send('touchEnd', []);
    },
  };
}

export async function middleOf(locator: Locator): Promise<Point> {
  await expect(locator).toBeVisible();
  const box = await locator.boundingBox();
  if (!box) throw new Error('It has no place on the page.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
