/** What starts a rule besides a change: the clock, a date in a record, a request from elsewhere. */
import type { Page } from '@playwright/test';
import { api, card, newRule, RULE, saved } from './support/builder';
import { expect, expectAccessible, expectContrast, test } from './support/house';

const told = (page: Page) => page.locator('[data-phrase="t"]');
const setup = (page: Page) => page.locator('[data-panel]');

async function choose(page: Page, label: string, option: string): Promise<void> {
  await setup(page).getByRole('combobox', { name: label, exact: true }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

async function accessibleInBoth(page: Page): Promise<void> {
  await expectAccessible(page, '[data-panel]');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectContrast(page, '[data-panel]');
  await page.emulateMedia({ colorScheme: 'light' });
}

test('a schedule looks at records, and the sentence says which and when', async ({ page }) => {
  await newRule(page, { ...RULE, name: 'By the clock' });
  await card(page, 't').getByRole('button').first().click();
  await choose(page, 'What starts this rule?', 'A schedule');
  await choose(page, 'How often', 'Every month');
  await choose(page, 'Time zone', 'UTC');
  await setup(page).getByText('A weekday', { exact: true }).click();
  await expect(told(page)).toContainText('it is 09:00 on the last Friday of the month (UTC)');
  await expect(setup(page).getByText(/^Fri/).first()).toBeVisible();
  await setup(page).getByRole('switch', { name: 'Look at every record of a table' }).check();
  await choose(page, 'Records of', 'Leads');
  await expect(told(page)).toContainText('on the last Friday of the month (UTC), for each record of Leads');
  await accessibleInBoth(page);
});

test('a date in a record is counted from, in working days; what has passed is asked about', async ({
  page,
}) => {
  const nodes = [RULE.nodes[0], { id: 'n', kind: 'action', do: 'notify', fields: { title: 'Due soon' } }];
  await newRule(page, { ...RULE, name: 'By a date', nodes, edges: [['t', 'n']] });
  await card(page, 't').getByRole('button').first().click();
  await choose(page, 'What starts this rule?', 'A date in a record comes');
  await choose(page, 'Records of', 'Tasks');
  await choose(page, 'Which date', 'Due on');
  await choose(page, 'When', 'Before it');
  await setup(page).getByLabel('How many').fill('3');
  await choose(page, 'Counted in', 'working days');
  await expect(told(page)).toContainText('it is 3 working days before a task’s Due on, at 09:00');
  await saved(page);
  await accessibleInBoth(page);
  await page.getByRole('button', { name: 'Turn on' }).click();
  const asked = page
    .getByRole('dialog')
    .getByRole('radiogroup', { name: /tasks whose moment has passed already\?/ });
  await expect(asked).toBeVisible({ timeout: 15_000 });
  await expect(asked.getByRole('radio', { name: 'Only moments to come' })).toBeChecked();
});

test('a request starts the rule, teaches its fields and is told in the run', async ({ page }) => {
  const nodes = [
    { id: 't', kind: 'trigger', on: 'webhook' },
    {
      id: 'n',
      kind: 'action',
      do: 'notify',
      fields: { title: { cat: ['Order ', { var: 'after.order.number' }] } },
    },
  ];
  const id = await newRule(page, { ...RULE, name: 'Orders', nodes, edges: [['t', 'n']] });
  await card(page, 't').getByRole('button').first().click();
  await expect(setup(page).getByText('No request has come yet.')).toBeVisible();
  const sample = setup(page).getByRole('textbox', { name: 'Sample', exact: true });
  await sample.fill('{order: 7');
  await sample.blur();
  await expect(setup(page).getByText('This is not JSON yet.')).toBeVisible();
  await sample.fill('');
  const { url } = await api(page, 'GET', `/rules/${id}/hook`);
  await expect(setup(page).getByLabel('Address', { exact: true })).toHaveValue(url);
  const draft = await api(page, 'GET', `/rules/${id}`);
  await api(page, 'POST', `/rules/${id}/publish`, { etag: draft.draft.etag });
  const sent = await page.request.post(url, { data: { order: { number: 'A-7', total: 12 } } });
  expect(sent.status()).toBe(202);
  await page.reload();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await card(page, 't').getByRole('button').first().click();
  await setup(page).getByRole('button', { name: 'Use it as the sample' }).click();
  await expect(sample).toHaveValue(/"number": "A-7"/);
  await accessibleInBoth(page);
  await saved(page);
  await expect(page.locator('[data-phrase="n"]')).toContainText('Order {Order › Number}');
  const runs = async () => (await api(page, 'GET', `/runs?rule_id=${id}&state=succeeded`)).items;
  await expect.poll(async () => (await runs()).length, { timeout: 20_000 }).toBe(1);
  await page.goto(`/runs/${(await runs())[0].id}`);
  await expect(page.getByText('Another system sent a request')).toBeVisible();
  await expect(page.getByText('Notified: “Order A-7”')).toBeVisible();
  await api(page, 'POST', `/rules/${id}/disable`);
});
