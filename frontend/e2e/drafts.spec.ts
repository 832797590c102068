/** Drafts that nobody loses: the server away, a reload, two tabs, two people. */
import type { Page } from '@playwright/test';
import { api, card, newRule, RULE, saved } from './support/builder';
import { expect, expectAccessible, test } from './support/house';

test.use({ allowed: [/Failed to load resource/] });

const title = (page: Page) => page.getByRole('textbox', { name: 'Message' });

async function retitle(page: Page, text: string): Promise<void> {
  await card(page, 'n').click();
  await title(page).fill(text);
}

const titleOf = async (page: Page, id: number) => {
  const rule = await api(page, 'GET', `/rules/${id}`);
  return rule.draft.document.nodes.find((one: { id: string }) => one.id === 'n').fields.title;
};

/** A colleague saves, who has this rule open, too. */
async function savedElsewhere(page: Page, id: number, text: string): Promise<void> {
  const rule = await api(page, 'GET', `/rules/${id}`);
  const nodes = rule.draft.document.nodes.map((one: { id: string; fields: object }) =>
    one.id === 'n' ? { ...one, fields: { ...one.fields, title: text } } : one,
  );
  const document = { ...rule.draft.document, nodes };
  await api(page, 'PUT', `/rules/${id}/draft`, { document }, { 'If-Match': rule.draft.etag });
}

test('while the server is away a draft is kept, over a reload too, and sent when it is back', async ({
  page,
}) => {
  const id = await newRule(page, { ...RULE, name: 'Kept' });
  await page.route('**/draft', (route) => route.abort('internetdisconnected'));
  await retitle(page, 'Typed while away');
  await expect(page.locator('[data-save="offline"]')).toBeVisible();
  await page.reload();
  await card(page, 'n').click();
  await expect(title(page)).toHaveValue('Typed while away');
  await expect(page.locator('[data-save="offline"]')).toBeVisible();
  await page.unroute('**/draft');
  await saved(page);
  expect(await titleOf(page, id)).toBe('Typed while away');
  await page.getByRole('button', { name: 'Undo' }).click();
  await saved(page);
  await expect.poll(() => titleOf(page, id)).not.toBe('Typed while away');
});

test('two people on one rule: both see what changed, and nothing is lost', async ({ page }) => {
  const id = await newRule(page, { ...RULE, name: 'Shared' });
  await page.route('**/draft', (route) => route.abort('internetdisconnected'));
  await retitle(page, 'Mine');
  await expect(page.locator('[data-save="offline"]')).toBeVisible();
  await savedElsewhere(page, id, 'Theirs');
  await page.unroute('**/draft');
  const asked = page.getByRole('dialog', { name: 'Someone else changed this rule' });
  await expect(asked).toBeVisible({ timeout: 15_000 });
  await asked.getByRole('button', { name: 'See the changes' }).click();
  await expect(asked.locator('[data-side="theirs"] ins')).toContainText('Theirs');
  await expect(asked.locator('[data-side="mine"] ins')).toContainText('Mine');
  await expectAccessible(page, '[role="dialog"]');
  await asked.getByRole('button', { name: 'Take theirs' }).click();
  await expect(title(page)).toHaveValue('Theirs');
  expect(await titleOf(page, id)).toBe('Theirs');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(title(page)).toHaveValue('Mine');
  await saved(page);
  expect(await titleOf(page, id)).toBe('Mine');
});

test('a draft that was kept from before somebody else saved is asked about, and stays as a copy', async ({
  page,
}) => {
  const id = await newRule(page, { ...RULE, name: 'Older' });
  await page.route('**/draft', (route) => route.abort('internetdisconnected'));
  await retitle(page, 'Mine');
  await expect(page.locator('[data-save="offline"]')).toBeVisible();
  await page.goto('/runs');
  await savedElsewhere(page, id, 'Theirs');
  await page.unroute('**/draft');
  await page.goto(`/rules/${id}`);
  const asked = page.getByRole('dialog', { name: 'Someone else changed this rule' });
  await asked.getByRole('button', { name: 'Keep mine as a copy' }).click();
  await expect(page.getByRole('textbox', { name: 'Name of the rule' })).toHaveValue('Older (my copy)');
  const copy = Number(page.url().split('/').at(-1));
  expect([await titleOf(page, copy), await titleOf(page, id)]).toEqual(['Mine', 'Theirs']);
});

test('two tabs on one rule: the other shows what one saves', async ({ page, context }) => {
  const id = await newRule(page, { ...RULE, name: 'In two tabs' });
  const other = await context.newPage();
  await other.goto(`/rules/${id}`);
  await card(other, 'n').click();
  await retitle(page, 'From the first tab');
  await saved(page);
  await expect(title(other)).toHaveValue('From the first tab');
  await title(other).fill('From the second tab');
  await saved(other);
  await expect(title(page)).toHaveValue('From the second tab');
  expect(await titleOf(page, id)).toBe('From the second tab');
  await other.close();
});
