import type { Page } from '@playwright/test';
import { api, card, newRule, saved } from './support/builder';
import { expect, expectAccessible, sql, test } from './support/house';
import { hasFocus, takeByArrow } from './support/keys';

const said = '[data-builder] > [role="status"]';
const tell = (id: string, title: string) => ({
  id,
  kind: 'action',
  do: 'notify',
  fields: { to: 'everyone', title },
});

/** Both Ifs lead to y, one of them past the other: a tree would need y twice. */
const CROSSING = {
  dialect: 1,
  name: 'Crossing',
  nodes: [
    { id: 't', kind: 'trigger', on: 'change', connection: 'crm', table: 'public.leads', events: ['update'] },
    { id: 'i', kind: 'condition', logic: { '===': [{ var: 'after.status' }, 'won'] } },
    { id: 'k', kind: 'condition', logic: { '===': [{ var: 'after.source' }, 'web'] } },
    tell('x', 'Won elsewhere'),
    tell('y', 'Won on the web'),
    tell('z', 'Looked at'),
  ],
  edges: [
    ['t', 'i'],
    ['i', 'k', 'yes'],
    ['i', 'y', 'no'],
    ['k', 'y', 'yes'],
    ['k', 'x', 'no'],
    ['y', 'z'],
  ],
};

/** Opens a step's card by keyboard alone and brings the focus back to it. */
async function choose(page: Page, id: string): Promise<void> {
  await card(page, id).getByRole('button').first().focus();
  await page.keyboard.press('Enter');
  await card(page, id).getByRole('button').first().focus();
}

test('a rule whose ways cross is edited by keyboard, published, and runs', async ({ page }) => {
  const id = await newRule(page, { ...CROSSING, name: 'Crossing, by keyboard' });
  await expect(page.getByText('its ways cross')).toBeVisible();
  await expectAccessible(page);

  // "Goes to…": x led nowhere, now it goes to z.
  await choose(page, 'x');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await hasFocus(page.getByRole('menu'));
  await page.getByRole('menuitem', { name: 'Goes to…' }).press('Enter');
  const goes = page.getByRole('combobox', { name: 'Goes to' });
  await expect(goes).toBeFocused();
  await page.keyboard.type('Looked');
  await expect(page.getByRole('option')).toHaveCount(1);
  await takeByArrow(goes, page.getByRole('option', { name: 'Looked at' }));
  await expect(page.locator(said)).toHaveText('Notify a colleague now goes to notify everyone: “Looked at”');
  await expect(page.locator('[data-line="x>z"]')).toHaveCount(1);

  // N adds after it, on the way.
  await card(page, 'x').getByRole('button').first().focus();
  await page.keyboard.press('n');
  await expect(page.getByRole('combobox', { name: 'Search' })).toBeFocused();
  await page.keyboard.type('notify');
  await page.keyboard.press('Enter');
  await expect(card(page, 'a1')).toBeVisible();
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Added on the way');
  await expect(page.locator('[data-line="x>a1"]')).toHaveCount(1);
  await expect(page.locator('[data-line="a1>z"]')).toHaveCount(1);
  await card(page, 'a1').getByRole('button').first().focus();
  await page.keyboard.press('Control+d');
  await expect(card(page, 'a2')).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(card(page, 'a2')).toHaveCount(0);
  await saved(page);

  await page.getByRole('button', { name: 'Turn on' }).press('Enter');
  await hasFocus(page.getByRole('dialog'));
  const review = page.getByRole('dialog');
  await expect(review.locator(':focus')).toBeVisible();
  await review.getByRole('button', { name: 'Turn on' }).press('Enter');
  await expect(page.getByText('On · version 1')).toBeVisible();
  sql(`insert into leads (first_name, last_name, email, source, consent, status, attempts)
       values ('Cross', 'Ing', 'cross.ing@example.test', 'referral', true, 'new', 4)`);
  sql("update leads set status = 'won' where email = 'cross.ing@example.test'");
  const runs = async () => (await api(page, 'GET', `/runs?rule_id=${id}&state=succeeded`)).items;
  await expect.poll(async () => (await runs()).length, { timeout: 15_000 }).toBe(1);
  const [run] = await runs();
  await page.goto(`/runs/${run.id}`);
  await expect(page.locator('[data-story="z"]')).toHaveAttribute('data-state', 'succeeded');
  for (const step of ['i', 'k', 'x', 'a1']) {
    await expect(card(page, step)).toHaveAttribute('data-paint', 'done');
  }
  await expect(card(page, 'y')).toHaveAttribute('data-paint', 'off');
  await expect(page.locator('[data-line="a1>z"]')).toHaveAttribute('data-state', 'taken');
  await api(page, 'POST', `/rules/${id}/disable`);
});

test('a rule whose last crossing goes opens as a tree, and one undo brings it back', async ({ page }) => {
  await newRule(page, { ...CROSSING, name: 'Crossing no more' });
  await page.keyboard.press('l');
  await expect(page.locator('[data-way="k:no:0"]')).toContainText('No goes to: Notify a colleague');
  await card(page, 'i').getByRole('button', { name: 'What to do with this step' }).click();
  await page.getByRole('menuitem', { name: 'No goes to…' }).click();
  const goes = page.getByRole('combobox', { name: 'No goes to' });
  await expect(goes).toBeFocused();
  await goes.fill('End');
  await page.getByRole('option', { name: 'End', exact: true }).click();
  await expect(page.locator(said)).toContainText('Its ways no longer cross');
  await expect(page.locator('[data-phrase="i"]')).toBeVisible();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(page.getByText('its ways cross')).toBeVisible();

  // Taken out of the way: what led to k goes where its No side went.
  await card(page, 'k').getByRole('button', { name: 'What to do with this step' }).click();
  await page.getByRole('menuitem', { name: 'Remove, go on with No' }).click();
  await expect(card(page, 'k')).toHaveCount(0);
  await expect(card(page, 'y')).toBeVisible();
  await page.getByRole('alert').getByRole('button', { name: 'Undo' }).click();
  await expect(card(page, 'k')).toBeVisible();
  await saved(page);
});
