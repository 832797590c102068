/** Keys and names of the builder: each key of the sheet does what it says, each control says what it is. */
import type { Page } from '@playwright/test';
import { card, newRule, RULE } from './support/builder';
import { expect, expectAccessible, test } from './support/house';

const scale = (page: Page): Promise<number> =>
  page.locator('.react-flow__viewport').evaluate((view) => new DOMMatrix(getComputedStyle(view).transform).a);

test('each key of the sheet does what it says', async ({ page }) => {
  await newRule(page, { ...RULE, name: 'Every key' });
  await card(page, 'n').getByRole('button').first().focus();
  await page.keyboard.press('Enter');
  await expect(card(page, 'n')).toHaveAttribute('data-selected', 'true');
  const cards = page.locator('[data-card]');
  await page.keyboard.press('Control+d');
  await expect(cards).toHaveCount(4);
  for (const redo of ['Control+y', 'Control+Shift+z']) {
    await page.keyboard.press('Control+z');
    await expect(cards).toHaveCount(3);
    await page.keyboard.press(redo);
    await expect(cards).toHaveCount(4);
  }
  await page.keyboard.press('Control+s');
  await expect(
    page.locator('[data-builder] > [role="status"]').filter({ hasText: 'All changes saved' }),
  ).toBeAttached();
  await page.keyboard.press('a');
  await expect(page.getByRole('combobox', { name: 'Search steps' })).toBeFocused();
  await page.keyboard.press('Escape');
  const before = await scale(page);
  await page.keyboard.press('-');
  await expect.poll(() => scale(page)).toBeCloseTo(before / 1.2, 3);
  for (const key of ['+', 'Shift++']) {
    const large = await scale(page);
    await page.keyboard.press('-');
    await expect.poll(() => scale(page)).toBeCloseTo(large / 1.2, 3);
    await page.keyboard.press('-');
    await expect.poll(() => scale(page)).toBeCloseTo(large / 1.44, 3);
    await page.keyboard.press('f');
    await expect.poll(() => scale(page)).toBeGreaterThan(large / 1.43);
    const fitted = await scale(page);
    await page.keyboard.press(key);
    await expect.poll(() => scale(page)).toBeCloseTo(Math.min(1.5, fitted * 1.2), 3);
  }
  await page.keyboard.press('f');
  await expect(card(page, 't')).toBeInViewport({ ratio: 0.99 });
  await page.keyboard.press('l');
  await expect(page.locator('[data-rule-list]')).toBeVisible();
  await page.keyboard.press('l');
  await expect(page.locator('[data-rule-list]')).toHaveCount(0);
  await page.keyboard.press('t');
  await expect(page.getByText('Nothing is sent or changed during a test').first()).toBeVisible();
  await page.keyboard.press('t');
  await page.keyboard.press('b');
  await expect(page.locator('[data-backtest]')).toBeVisible();
});

test('words are explained where they stand, and Escape closes only that', async ({ page }) => {
  await newRule(page, { ...RULE, name: 'Words here' });
  await page.locator('[data-card="c"] button[aria-pressed]').focus();
  await page.keyboard.press('Enter');
  const ask = page.getByRole('button', { name: 'What does “If” mean?' });
  await ask.focus();
  await page.keyboard.press('Enter');
  const told = page.getByRole('dialog', { name: 'If' });
  await expect(told).toContainText('If never starts a rule by itself');
  await expectAccessible(page, '[role="dialog"]');
  await page.keyboard.press('Escape');
  await expect(told).toHaveCount(0);
  await expect(ask).toBeFocused();
  await expect(page.locator('[data-panel]')).toBeVisible();
});

test('every control of the builder has a name and a role', async ({ page }) => {
  await newRule(page, { ...RULE, name: 'Named controls' });
  for (const step of ['t', 'c', 'n']) {
    await page.locator(`[data-card="${step}"] button[aria-pressed]`).click();
    await expect(page.locator(`[data-card="${step}"]`)).toHaveAttribute('data-selected', 'true');
    const told = await page.locator('[data-builder]').ariaSnapshot();
    // A line that ends with the role alone is a control without a name.
    const nameless = told
      .split('\n')
      .filter((line) => /^\s*- (button|combobox|textbox|checkbox|switch|link|tab|spinbutton):?$/.test(line));
    expect(nameless).toEqual([]);
  }
});
