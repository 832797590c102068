import type { Page } from '@playwright/test';
import { RULE as GOOD, ruleOnLeads } from './support/builder';
import { expect, expectAccessible, test } from './support/house';
import { takeByArrow } from './support/keys';

const WON = {
  name: 'Imported: won leads',
  columns: ['status'],
  logic: { '===': [{ var: 'after.status' }, 'won'] },
  title: 'A lead was won',
};

async function give(page: Page, text: string): Promise<void> {
  await page.goto('/rules');
  await page.getByRole('button', { name: 'Import' }).click();
  await page.getByLabel('Rule as JSON').fill(text);
  await page.getByRole('button', { name: 'Check' }).click();
}

const row = (page: Page, name: string) => page.getByRole('row', { name: new RegExp(name) });
const dialog = (page: Page) => page.getByRole('dialog', { name: 'Import rules' });

test.describe('refusals', () => {
  test.use({ allowed: [/import\/source/] });

  test('text that is not JSON is refused with its line, and one gets there by keyboard', async ({ page }) => {
    await give(page, '{\n  "dialect": 1,\n  "name": }');
    await expect(page.getByRole('alert')).toContainText('line 3, position 11');
    await page.getByRole('button', { name: 'Go to this place' }).press('Enter');
    const area = page.getByLabel('Rule as JSON');
    await expect(area).toBeFocused();
    await page.keyboard.type('"x" ');
    await expect(area).toHaveValue('{\n  "dialect": 1,\n  "name": "x" ');
  });

  test('half a rule, another product’s export and a page inside the network are named as what they are', async ({
    page,
  }) => {
    await give(page, JSON.stringify(GOOD).slice(0, 200));
    await expect(page.getByRole('alert')).toContainText('A part is missing');
    await page
      .getByLabel('Rule as JSON')
      .fill('{"name": "x", "nodes": [{"type": "n8n-nodes-base.if", "parameters": {}}], "connections": {}}');
    await page.getByRole('button', { name: 'Check' }).click();
    await expect(page.getByRole('alert')).toContainText('another product (n8n)');
    await page.getByText('Web address').click();
    await page.getByLabel('Address of the file').fill('http://127.0.0.1:9/rule.json');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toContainText('public web addresses only');
    await expectAccessible(page);
  });
});

test('a good rule is shown as it will be, comes in off, and the import is undone', async ({ page }) => {
  await give(page, JSON.stringify(ruleOnLeads(WON)));
  await expect(dialog(page)).toContainText('All 3 steps are understood.');
  const preview = page.getByRole('region', { name: 'Preview of Imported: won leads' }).first();
  await expect(preview).toContainText('Status');
  await expect(preview.locator('[data-card="n"]')).toContainText('A lead was won');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Import 1 rule' }).click();
  await expect(row(page, WON.name)).toContainText('Draft');
  await expect(row(page, WON.name).getByRole('switch')).not.toBeChecked();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(row(page, WON.name)).toBeHidden();
});

test('a rule from elsewhere is matched with our names by keyboard and then has no problem', async ({
  page,
}) => {
  const logic = { and: [{ '===': [{ var: 'after.stat' }, 'won'] }, { '>': [{ var: 'after.xyzzy' }, 3] }] };
  const foreign = JSON.stringify(ruleOnLeads({ ...WON, name: 'Imported: matched', columns: [], logic }))
    .replaceAll('"crm"', '"crm_prod"')
    .replaceAll('public.leads', 'sales.lead');
  await give(page, foreign);
  const choice = (name: string) => page.getByRole('combobox', { name });
  await expect(choice('Connection “crm_prod” is')).toHaveValue('crm');
  await expect(choice('Table “sales.lead” is')).toHaveValue('public.leads');
  await expect(choice('Field “stat” is')).toHaveValue('Status');
  await expect(page.getByText('1 name has no match yet.')).toBeVisible();
  // What is understood comes before the names to match, however many these are.
  await expect(dialog(page).locator('[data-understood]')).toBeInViewport();
  const [said, asked] = await Promise.all([
    dialog(page).locator('[data-understood]').boundingBox(),
    choice('Connection “crm_prod” is').boundingBox(),
  ]);
  expect(said?.y).toBeLessThan(asked?.y ?? 0);
  await choice('Field “xyzzy” is').focus();
  await page.keyboard.type('attempts');
  await takeByArrow(choice('Field “xyzzy” is'), page.getByRole('option', { name: 'Attempts' }));
  await expect(page.getByText('Each name has a match.')).toBeVisible();
  await expect(dialog(page)).toContainText('All 3 steps are understood.');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Import 1 rule' }).press('Enter');
  await page.getByRole('button', { name: 'Open' }).click();
  await expect(page.locator('[data-card="c"]')).toContainText('Attempts');
  await expect(page.getByRole('button', { name: 'Undo', exact: true })).toBeVisible();
});

test('a bundle: a strange step is kept, a circle refused, a taken name answered', async ({ page }) => {
  const strange = ruleOnLeads({ ...WON, name: 'Imported: strange', logic: { reduce: [[1], 2, 3] } });
  strange.nodes.push({ id: 'x', kind: 'spaceship', speed: 9 });
  strange.edges.push(['n', 'x']);
  const round = ruleOnLeads({ ...WON, name: 'Imported: circle' });
  round.edges.push(['n', 'c']);
  const taken = ruleOnLeads({ ...WON, name: 'Rescue missed callbacks' });
  await give(page, JSON.stringify({ rules: [strange, round, taken] }, null, 2));
  const item = (name: string) => dialog(page).getByRole('listitem').filter({ hasText: name }).first();
  await expect(dialog(page).locator('[data-understood]').first()).toContainText('Understood 5 of 7 steps.');
  await expect(item('Imported: strange')).toContainText('Understood 2 of 4 steps.');
  await expect(item('Imported: strange')).toContainText('1 condition is shown as Advanced.');
  await expect(item('Imported: strange')).toContainText('1 step is not known to Ruleyard');
  await expect(item('Imported: strange')).toContainText(/Line \d+, position \d+/);
  await expect(item('Imported: circle')).toContainText('Cannot be imported');
  await expect(item('Imported: circle')).toContainText('Notify a colleague');
  await expect(page.getByRole('button', { name: 'Import 2 rules' })).toBeVisible();
  await page
    .getByRole('combobox', { name: 'You already have a rule named “Rescue missed callbacks”' })
    .click();
  await page.getByRole('option', { name: 'Leave mine as it is' }).click();
  await expect(item('Rescue missed callbacks')).toContainText('Left out');
  await page.getByRole('button', { name: 'Import 1 rule' }).click();
  await page.getByRole('button', { name: 'Open' }).click();
  await expect(page.locator('[data-card="x"]')).toContainText('Unknown step: spaceship');
});

test('one JSON Logic expression, dropped as a file, becomes an If with a start to choose', async ({
  page,
}) => {
  await page.goto('/rules');
  await expect(page.getByRole('button', { name: 'Import' })).toBeVisible();
  const carried = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(
      new File(['{"==": [{"var": "status"}, "won"]}'], 'logic.json', { type: 'application/json' }),
    );
    return transfer;
  });
  await page.dispatchEvent('body', 'dragover', { dataTransfer: carried });
  await expect(page.getByText('Drop the file to see the rules in it')).toBeVisible();
  await page.dispatchEvent('body', 'drop', { dataTransfer: carried });
  const start = page.getByRole('combobox', { name: 'Which table’s changes start this rule?' });
  await start.fill('leads');
  await page.getByRole('option', { name: 'public.leads' }).click();
  await expect(page.getByRole('region', { name: 'Preview of Imported rule' }).first()).toContainText(
    'Status',
  );
  await expect(page.getByText('Each name has a match.')).toBeVisible();
});
