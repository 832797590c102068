/** A choose and a failed path, by keyboard: built, put in another order, taken by a webhook that really fails. */
import type { Page } from '@playwright/test';
import { api, card, newRule, RULE } from './support/builder';
import { expect, expectAccessible, expectContrast, own, test } from './support/house';

const setup = (page: Page) => page.locator('[data-panel]');

async function accessibleInBoth(page: Page, place: string): Promise<void> {
  await expectAccessible(page, place);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectContrast(page, place);
  await page.emulateMedia({ colorScheme: 'light' });
}

test('a choose is added, named and put in another order by keyboard', async ({ page }) => {
  await newRule(page, { ...RULE, name: own('Ways by keyboard') });
  await card(page, 'n').getByRole('button').first().focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('a');
  await expect(page.getByRole('combobox', { name: 'Search steps' })).toBeFocused();
  await page.keyboard.type('Choose a way');
  await page.keyboard.press('Enter');
  const ways = setup(page).locator('[data-way]');
  await expect(ways).toHaveCount(2);
  await setup(page).getByRole('textbox', { name: 'Name of way 1' }).fill('Large');
  await setup(page).getByRole('textbox', { name: 'Name of way 2' }).fill('Ours');
  await setup(page).getByRole('button', { name: 'Drag to reorder “Large”' }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(setup(page).getByRole('textbox', { name: 'Name of way 1' })).toHaveValue('Ours');
  await expect(setup(page).getByRole('textbox', { name: 'Name of way 2' })).toHaveValue('Large');
  await expect(setup(page).getByText('When none of the conditions holds')).toBeVisible();
  await accessibleInBoth(page, '[data-panel]');
  await page.keyboard.press('Escape');
});

test('a webhook that fails takes its failed path, and the run says so', async ({ page }) => {
  const total = { var: 'after.total' };
  const large = { and: [{ '!==': [total, null] }, { '>=': [total, 100] }] };
  const nodes = [
    { id: 't', kind: 'trigger', on: 'webhook', sample: { total: 1 } },
    { id: 'x', kind: 'choose', ways: [{ key: 'big', name: 'Large', logic: large }] },
    {
      id: 'w',
      kind: 'action',
      do: 'call_webhook',
      fields: { url: 'http://127.0.0.1:9/orders', method: 'POST' },
    },
    { id: 'n', kind: 'action', do: 'notify', fields: { title: 'Nobody took the order' } },
    { id: 'o', kind: 'action', do: 'notify', fields: { title: 'A small order' } },
  ];
  const edges = [
    ['t', 'x'],
    ['x', 'w', 'big'],
    ['w', 'n', 'failed'],
    ['x', 'o', 'otherwise'],
  ];
  const id = await newRule(page, { ...RULE, name: own('Orders that fail'), nodes, edges });
  await card(page, 'w').getByRole('button').first().click();
  await expect(page.locator('[data-failed-form]')).toContainText('the rule does 1 step instead');
  await expect(card(page, 'n')).toBeVisible();
  await accessibleInBoth(page, '[data-failed-form]');
  const { url } = await api(page, 'GET', `/rules/${id}/hook`);
  const { draft } = await api(page, 'GET', `/rules/${id}`);
  await api(page, 'POST', `/rules/${id}/publish`, { etag: draft.etag });
  const sent = await page.request.post(url, { data: { total: 120 } });
  expect(sent.status()).toBe(202);
  const runs = async () => (await api(page, 'GET', `/runs?rule_id=${id}&state=succeeded`)).items;
  await expect.poll(async () => (await runs()).length, { timeout: 20_000 }).toBe(1);
  await page.goto(`/runs/${(await runs())[0].id}`);
  await expect(page.getByText('Notified: “Nobody took the order”')).toBeVisible();
  await expect(page.getByText('Way: Large').first()).toBeVisible();
  await expect(page.getByText('It failed, so the rule went on by “If this fails”.')).toBeVisible();
  await accessibleInBoth(page, 'main');
  await api(page, 'POST', `/rules/${id}/disable`);
});
