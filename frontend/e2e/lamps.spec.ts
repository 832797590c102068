import type { Page } from '@playwright/test';
import { api, card, changesStored, newRule, ruleOnLeads, saved } from './support/builder';
import { expect, expectAccessible, own, sql, test } from './support/house';

const MANY = ruleOnLeads({
  name: 'Many attempts',
  logic: { '>=': [{ var: 'after.attempts' }, 3] },
  title: { cat: [{ var: 'after.first_name' }, ' was tried often'] },
});

type Lead = { readonly email: string; readonly name: RegExp };

function lead(first: string): Lead {
  const last = own('Lamp');
  const email = `${first}.${last}@lamps.test`.toLowerCase();
  sql(`insert into leads (first_name, last_name, email, source, status, attempts)
       values ('${first}', '${last}', '${email}', 'web', 'new', 4)`);
  return { email, name: new RegExp(`${first} ${last}\\b`) };
}

/** Chooses the record that the lamps are about, in the bar above the steps. */
async function showFor(page: Page, { email, name }: Lead): Promise<void> {
  await page.locator('[data-shown-for]').click();
  await page.getByRole('textbox', { name: 'Search records' }).fill(email);
  await page.getByRole('option', { name }).click();
  await expect(page.locator('[data-shown-for]')).toHaveText(name);
}

test('lamps change while one types, without asking the server', async ({ page }) => {
  const grace = lead('Grace');
  await newRule(page, MANY);
  await showFor(page, grace);
  await card(page, 'c').getByRole('button').first().click();
  const row = page.locator('[data-row] [data-lamp]');
  await expect(row).toHaveText('True This lead has: 4');
  await expect(card(page, 'c').locator('[data-light]')).toHaveText('Yes');
  await expect(page.locator('[data-phrase="c"]')).toHaveAttribute('data-truth', 'true');

  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.getByRole('textbox', { name: 'Value', exact: true }).fill('5');
  await expect(row).toHaveText('Not true This lead has: 4');
  await expect(card(page, 'c').locator('[data-light]')).toHaveText('No');
  await expect(page.locator('[data-verdict]')).toHaveText('Not true for this record.');
  expect(asked.filter((url) => /test|records|events|tables/.test(url))).toEqual([]);
  await saved(page);
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Put the lamps out' }).click();
  await expect(row).toHaveCount(0);
  await expect(card(page, 'c').locator('[data-light]')).toHaveCount(0);
  await page.getByRole('button', { name: 'Light the lamps' }).click();
  await expect(row).toHaveCount(1);
});

test('the history of a record shows what the rule would have done then', async ({ page }) => {
  const hedy = lead('Hedy');
  sql(`update leads set attempts = 1 where email = '${hedy.email}'`);
  sql(`update leads set attempts = 7 where email = '${hedy.email}'`);
  await changesStored(page, hedy.email, 3);
  await newRule(page, MANY);
  await showFor(page, hedy);
  await page.getByRole('button', { name: 'History' }).click();
  const slider = page.getByRole('slider', { name: 'Changes of this record' });
  await expect(slider).toHaveAttribute('max', '3');
  await slider.focus();
  await page.keyboard.press('ArrowLeft');
  const told = page.locator('[data-history]');
  await expect(told).toContainText('Attempts: 1 → 7');
  await expect(told).toContainText('This change would start the rule');
  await expect(card(page, 'n')).toHaveAttribute('data-paint', 'done');
  await page.keyboard.press('ArrowLeft');
  await expect(told).toContainText('Attempts: 4 → 1');
  await expect(told).toContainText('nothing would be done');
  await expect(card(page, 'n')).toHaveAttribute('data-paint', 'off');
  await page.keyboard.press('Home');
  await expect(slider).toHaveAttribute('aria-valuetext', /Would not start the rule/);
  await expect(card(page, 't').locator('[data-light]')).toHaveText('Would not start');
  await expect(page.locator('[data-since]')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Now', exact: true }).click();
  await expect(card(page, 'n')).not.toHaveAttribute('data-paint');
});

test('a change that matched is found and looked at', async ({ page }) => {
  const { email, name } = lead('Katherine');
  sql(`update leads set attempts = 9 where email = '${email}'`);
  await changesStored(page, email, 2);
  await newRule(page, {
    ...MANY,
    nodes: [
      MANY.nodes[0],
      { id: 'c', kind: 'condition', logic: { '===': [{ var: 'after.email' }, email] } },
      MANY.nodes[2],
    ],
  });
  await page.locator('[data-shown-for]').click();
  await page.getByRole('option', { name: 'Look for changes that match' }).click();
  await page.getByRole('group', { name: 'Would have run lately' }).getByRole('option', { name }).click();
  await expect(page.locator('[data-history]')).toContainText('Attempts: 4 → 9');
  await expect(page.locator('[data-history]')).toContainText('This change would start the rule');
  await expect(card(page, 'n')).toHaveAttribute('data-paint', 'done');
  await card(page, 'c').getByRole('button').first().click();
  await page.getByRole('tab', { name: 'Test' }).click();
  await expect(page.getByText('The rule would run', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Back to now' }).click();
  await expect(page.locator('[data-what-if="after.email"]')).toBeVisible();
});

test('an earlier step is offered as a field, and its lamp says why it cannot be known', async ({ page }) => {
  const ida = lead('Ida');
  const task = { connection: 'crm', table: 'public.tasks', set: { title: 'Call' } };
  const [trigger, condition, tell] = MANY.nodes;
  await newRule(page, {
    ...MANY,
    nodes: [trigger, { id: 'k', kind: 'action', do: 'create_record', fields: task }, condition, tell],
    edges: [
      ['t', 'k'],
      ['k', 'c'],
      ['c', 'n', 'yes'],
    ],
  });
  await showFor(page, ida);
  await card(page, 'c').getByRole('button').first().click();
  await page.getByRole('combobox', { name: 'Field', exact: true }).fill('create title');
  await page.getByRole('option', { name: 'Title of “Create a record”' }).click();
  await page.getByRole('combobox', { name: 'Value', exact: true }).fill('Call');
  await expect(page.locator('[data-row] [data-lamp]')).toHaveText(
    'Cannot know An earlier step answers this only while the rule runs.',
  );
  await expect(card(page, 'c').locator('[data-light]')).toContainText('Cannot know');
  await saved(page);
  await expect(page.locator('[data-problem]')).toHaveCount(0);
});

test('a mail is really sent to oneself, marked as a test', async ({ page }) => {
  const joan = lead('Joan');
  const mail = {
    connection: 'mail',
    to: { var: 'after.email' },
    subject: { cat: ['Good day, ', { var: 'after.first_name' }] },
    body: 'We tried to reach you.',
  };
  await newRule(page, {
    ...MANY,
    nodes: [...MANY.nodes.slice(0, 2), { id: 'n', kind: 'action', do: 'send_email', fields: mail }],
  });
  await showFor(page, joan);
  await card(page, 'n').getByRole('button').first().click();
  await expect(page.locator('[data-preview]')).toContainText('Good day, Joan');
  await page.getByRole('button', { name: 'Really send, to me only' }).click();
  await expect(page.locator('[data-send-to-me]')).toContainText('[Test] Good day, Joan');
  const me = (await api(page, 'GET', '/session')).account.email;
  await expect
    .poll(async () => JSON.stringify((await api(page, 'GET', '/demo/messages?kind=mail')).items))
    .toContain('[Test] Good day, Joan');
  const caught = (await api(page, 'GET', '/demo/messages?kind=mail')).items;
  const mine = caught.find((one: { subject?: string }) =>
    JSON.stringify(one).includes('[Test] Good day, Joan'),
  );
  expect(JSON.stringify(mine)).toContain(me);
});
