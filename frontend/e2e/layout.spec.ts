import type { Page } from '@playwright/test';
import { card, newRule, RULE, slot } from './support/builder';
import { expect, expectAccessible, test } from './support/house';
import { finger, middleOf } from './support/touch';

const width = async (page: Page): Promise<number> =>
  (await page.locator('aside[data-panel]').boundingBox())?.width ?? 0;

test('the panel is made wider by pointer and by keys, and stays so', async ({ page }) => {
  await newRule(page, { ...RULE, name: 'Wide panel' });
  await card(page, 'n').getByRole('button').first().click();
  await expect.poll(() => width(page)).toBe(416);
  const edge = page.getByRole('separator', { name: 'Width of the panel' });
  await edge.focus();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => width(page)).toBe(432);
  await expect(edge).toHaveAttribute('aria-valuenow', '432');
  await page.keyboard.press('End');
  await expect.poll(() => width(page)).toBe(640);
  await page.keyboard.press('Home');
  await expect.poll(() => width(page)).toBe(360);
  // The keys of the edge are its own: the chosen step is still the same.
  await expect(card(page, 'n')).toHaveAttribute('data-selected', 'true');
  const at = await middleOf(edge);
  await page.mouse.move(at.x, at.y);
  await page.mouse.down();
  await page.mouse.move(at.x - 120, at.y, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => width(page)).toBe(480);
  await page.reload();
  await card(page, 'n').getByRole('button').first().click();
  await expect.poll(() => width(page)).toBe(480);
});

test('the panel never lies over the chosen card', async ({ page }) => {
  await page.setViewportSize({ width: 1100, height: 800 });
  await newRule(page, { ...RULE, name: 'In sight' });
  await card(page, 'n').getByRole('button').first().click();
  await expect(page.locator('aside[data-panel]')).toBeVisible();
  const drawing = page.getByRole('region', { name: /^Steps of/ });
  await expect
    .poll(async () => {
      const room = await drawing.boundingBox();
      const box = await card(page, 'n').boundingBox();
      return room && box ? box.x >= room.x && box.x + box.width <= room.x + room.width : false;
    })
    .toBe(true);
  // Beside a panel this width has no place for the column of steps: a button stands in.
  await expect(page.getByRole('button', { name: 'Add a step', exact: true })).toBeVisible();
});

const deep = (depth: number): { nodes: object[]; edges: string[][] } => {
  const nodes: object[] = [RULE.nodes[0] ?? {}];
  const edges: string[][] = [];
  for (let level = 0; level < depth; level += 1) {
    nodes.push({
      id: `c${level}`,
      kind: 'condition',
      logic: { '===': [{ var: 'after.status' }, `s${level}`] },
    });
    edges.push(level === 0 ? ['t', 'c0'] : [`c${level - 1}`, `c${level}`, 'yes']);
  }
  nodes.push({ id: 'n', kind: 'action', do: 'notify', fields: { to: 'everyone', title: 'Deep' } });
  edges.push([`c${depth - 1}`, 'n', 'yes']);
  return { nodes, edges };
};

test('a rule with branches in branches is told as an outline', async ({ page }) => {
  await newRule(page, { ...RULE, name: 'Deep', ...deep(3) });
  const told = page.getByRole('region', { name: 'The rule as a sentence' });
  await expect(told.getByRole('listitem')).toHaveCount(5);
  await expect(told.getByRole('listitem').nth(2)).toContainText('Yes');
  await told.locator('[data-phrase="n"]').click();
  await expect(card(page, 'n')).toHaveAttribute('data-selected', 'true');
  await expectAccessible(page);
});

test.describe('on a tablet', () => {
  test.use({ viewport: { width: 820, height: 1180 }, hasTouch: true });

  test('a long press carries a card to a +, and a tap selects', async ({ page }) => {
    await newRule(page, { ...RULE, name: 'Carried by finger' });
    const touch = await finger(page);
    await touch.down(await middleOf(card(page, 'n')));
    await expect(card(page, 'n')).toHaveAttribute('data-carried', 'true');
    await touch.move(await middleOf(slot(page, 'c:no:0')));
    await expect(slot(page, 'c:no:0')).toHaveAttribute('data-target', 'true');
    await touch.up();
    await expect(slot(page, 'c:no:1')).toBeAttached();
    await expect(slot(page, 'c:yes:1')).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await card(page, 'c').tap();
    await expect(page.getByRole('dialog')).toContainText('If / otherwise');
  });

  test('a quick swipe over a card pans the drawing', async ({ page }) => {
    await newRule(page, { ...RULE, name: 'Swiped' });
    const from = await middleOf(card(page, 'c'));
    const touch = await finger(page);
    await touch.down(from);
    await touch.move({ x: from.x + 30, y: from.y + 150 });
    await touch.up();
    await expect
      .poll(async () => Math.round((await middleOf(card(page, 'c'))).y - from.y))
      .toBeGreaterThan(100);
    await expect(card(page, 'c')).not.toHaveAttribute('data-carried', 'true');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });

  test('steps to add come from below, pressed or carried', async ({ page }) => {
    await newRule(page, { ...RULE, name: 'From below' });
    await page.getByRole('button', { name: 'Add a step', exact: true }).click();
    const drawer = page.getByRole('dialog', { name: 'Steps to add' });
    await expectAccessible(page);
    const touch = await finger(page);
    const wait = drawer.locator('[data-kind="wait"]');
    await wait.scrollIntoViewIfNeeded();
    await touch.down(await middleOf(wait));
    await expect(drawer).not.toBeVisible();
    await touch.move(await middleOf(slot(page, 'c:no:0')));
    await touch.up();
    await expect(slot(page, 'c:no:1')).toBeAttached();
    await expect(page.locator('[data-panel]')).toContainText('Wait');
  });
});

const WIDE = [
  '/rules',
  '/runs',
  '/dashboard',
  '/data',
  '/connections',
  '/templates',
  '/inbox',
  '/settings',
] as const;

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('five places at the bottom, everything else behind More, search and bell on top', async ({ page }) => {
    await page.goto('/rules');
    const nav = page.getByRole('navigation', { name: 'Main' });
    await expect(nav.getByRole('listitem')).toHaveCount(5);
    await expect(page.getByRole('banner').getByRole('button')).toHaveCount(2);
    await nav.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Connections' }).click();
    await expect(page.getByRole('heading', { name: 'Connections', level: 1 })).toBeVisible();
  });

  test('targets in the list of steps are large enough for a finger', async ({ page }) => {
    await newRule(page, { ...RULE, name: 'For fingers' });
    const list = page.locator('[data-rule-list]');
    await expect(list).toBeVisible();
    const small = await list.locator('button').evaluateAll((buttons) =>
      buttons
        .map((one) => {
          const stretched = getComputedStyle(one, '::after').position === 'absolute';
          const box = (stretched ? (one.closest('[data-card]') ?? one) : one).getBoundingClientRect();
          return {
            name: one.getAttribute('aria-label') ?? one.textContent,
            width: box.width,
            height: box.height,
          };
        })
        .filter(({ width, height }) => width < 44 || height < 44),
    );
    expect(small).toEqual([]);
  });

  test('no page is wider than the phone', async ({ page }) => {
    for (const path of WIDE) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0);
      const over = await page.evaluate(() => {
        const main = document.querySelector('main');
        return main ? Math.max(main.scrollWidth, document.body.scrollWidth) - window.innerWidth : 1;
      });
      expect(over, path).toBeLessThanOrEqual(0);
    }
  });
});
