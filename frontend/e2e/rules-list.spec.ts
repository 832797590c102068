import { api, ruleOnLeads } from './support/builder';
import { expect, expectAccessible, flip, sql, test } from './support/house';
import { hasFocus, takeByArrow } from './support/keys';

const WON = {
  name: 'Thank won leads',
  columns: ['status'],
  logic: { '===': [{ var: 'after.status' }, 'won'] },
  title: 'A lead was won',
};
const RULE = ruleOnLeads(WON);

test('the list says what each rule does, and search finds one', async ({ page }) => {
  await page.goto('/rules');
  await expect(page.getByRole('link', { name: 'Rescue missed callbacks' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Search rules' }).fill('rescue');
  await expect(page.getByRole('link', { name: 'Welcome new web leads' })).toBeHidden();
  await expect(page.getByRole('link', { name: 'Rescue missed callbacks' })).toBeVisible();
  await expect(page).toHaveURL(/search=rescue/);
  await page.getByRole('textbox', { name: 'Search rules' }).fill('no such rule');
  await expect(page.getByText('No rule matches “no such rule”.')).toBeVisible();
  await page.getByRole('button', { name: 'Clear search' }).click();
  await expect(page.getByRole('link', { name: 'Welcome new web leads' })).toBeVisible();
  // Nothing was searched for here: there is no search to clear.
  await page.goto('/rules?about=crm%20public.nothing');
  await page.getByRole('button', { name: 'Show all rules' }).click();
  await expect(page.getByRole('link', { name: 'Welcome new web leads' })).toBeVisible();
});

test('a good rule is previewed, imported off, turned on after a review, and off again', async ({ page }) => {
  await page.goto('/rules');
  await page.getByRole('button', { name: 'Import' }).click();
  await page.getByLabel('Rule as JSON').fill(JSON.stringify(RULE));
  await page.getByRole('button', { name: 'Check' }).click();
  await expect(page.getByText('All 3 steps are understood.')).toBeVisible();
  await page.getByRole('button', { name: 'Import 1 rule' }).click();
  const row = page.getByRole('row', { name: /Thank won leads/ });
  await expect(row).toContainText('Draft');
  const power = row.getByRole('switch');
  await expect(power).not.toBeChecked();

  await flip(power);
  await expect(page.getByRole('dialog').getByText('What it does to the world')).toBeVisible();
  await page.getByRole('button', { name: 'Turn on' }).click();
  await expect(power).toBeChecked();
  await flip(power);
  await expect(power).not.toBeChecked();
});

test('a double click on New rule makes one rule', async ({ page }) => {
  await page.goto('/rules');
  const made: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/api/v1/rules')) made.push(request.url());
  });
  await page.getByRole('button', { name: 'New rule', exact: true }).dblclick();
  await expect(page).toHaveURL(/rules\/\d+$/);
  await expect(page.getByRole('textbox', { name: 'Name of the rule' })).toBeVisible();
  expect(made).toHaveLength(1);
});

test('a rule is duplicated, archived and brought back', async ({ page }) => {
  await page.goto('/rules');
  await page.getByRole('button', { name: 'More for Do-not-call clean-up' }).click();
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  const copy = page.getByRole('row', { name: /Do-not-call clean-up.+Draft/ });
  await expect(copy).toBeVisible();
  await copy.getByRole('button', { name: /^More for/ }).click();
  await page.getByRole('menuitem', { name: 'Archive' }).click();
  await page.getByRole('button', { name: 'Archive', exact: true }).click();
  await expect(copy).toBeHidden();
  await page.getByText('Archived', { exact: true }).click();
  await expect(copy).toBeVisible();
});

test('each rule is told in the reader’s language, with the names of the tables', async ({ page }) => {
  await page.goto('/rules');
  const row = page.getByRole('row', { name: /Welcome new web leads/ });
  await expect(row).toContainText('When a lead is created');
  await expect(page.getByRole('row', { name: /Do-not-call clean-up/ }).first()).toContainText(
    'When someone presses Run for a lead',
  );
  await page.addInitScript(() => localStorage.setItem('ruleyard.language', 'ru'));
  await page.reload();
  await expect(row).toContainText('Когда');
  await expect(row).not.toContainText('When');
});

test('the list is put in order by the heads of its columns, and the order is in the address', async ({
  page,
}) => {
  await page.goto('/rules');
  const first = page.getByRole('row').nth(1);
  const name = page.getByRole('columnheader', { name: 'Rule' });
  await expect(name).toHaveAttribute('aria-sort', 'ascending');
  const before = await first.textContent();
  await name.getByRole('button').focus();
  await page.keyboard.press('Enter');
  await expect(name).toHaveAttribute('aria-sort', 'descending');
  await expect(page).toHaveURL(/sort=-name/);
  await expect.poll(() => first.textContent()).not.toBe(before);
  await page.getByRole('columnheader', { name: 'Last 7 days' }).getByRole('button').click();
  await expect(page).toHaveURL(/sort=-runs/);
  await expect(name).toHaveAttribute('aria-sort', 'none');
});

test('a rule gets another name from the list', async ({ page }) => {
  await page.goto('/rules');
  await api(page, 'POST', '/rules', { name: 'Grey name' });
  await page.goto('/rules?search=Grey');
  await page.getByRole('button', { name: 'More for Grey name' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  const field = page.getByRole('textbox', { name: 'New name' });
  await hasFocus(page.getByRole('dialog'));
  await field.fill('Grey rule');
  await field.press('Enter');
  await expect(page.getByRole('link', { name: 'Grey rule' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Grey name' })).toHaveCount(0);
});

test('turning a rule off asks what becomes of the records that wait in it', async ({ page }) => {
  await page.goto('/rules');
  const on = { on: 'change', connection: 'crm', table: 'public.tasks', events: ['insert'] };
  const rule = await api(page, 'POST', '/rules', {
    document: {
      dialect: 1,
      name: 'Patient tasks',
      nodes: [
        { id: 't', kind: 'trigger', ...on },
        { id: 'w', kind: 'wait', amount: 2, unit: 'days' },
        { id: 'e', kind: 'end' },
      ],
      edges: [
        ['t', 'w'],
        ['w', 'e'],
      ],
    },
  });
  await api(page, 'POST', `/rules/${rule.id}/publish`, { etag: rule.draft.etag, enable: true });
  sql(`insert into tasks (title, priority) values ('One', 'low'), ('Two', 'low')`);
  const waiting = async () => (await api(page, 'GET', `/rules/${rule.id}/open`)).waiting;
  await expect.poll(waiting, { timeout: 15_000 }).toBe(2);

  await page.goto('/rules?search=Patient');
  const power = page.getByRole('row', { name: /Patient tasks/ }).getByRole('switch');
  await flip(power);
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('2 records are waiting in this rule.');
  const finish = dialog.getByRole('radio', { name: 'Let them finish' });
  await expect(finish).toBeChecked();
  await expect(finish).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(dialog.getByRole('radio', { name: 'Stop them too' })).toBeChecked();
  await expectAccessible(page, '[role="dialog"]');
  await dialog.getByRole('button', { name: 'Turn off' }).click();
  await expect(page.getByText('“Patient tasks” is off, and 2 records were stopped')).toBeVisible();
  await expect(power).not.toBeChecked();
  expect(await waiting()).toBe(0);
});

test('a rule is exported as the document that it is', async ({ page }) => {
  await page.goto('/rules');
  await page.getByRole('button', { name: 'More for Rescue missed callbacks' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Export' }).click();
  expect((await download).suggestedFilename()).toBe('rescue-missed-callbacks.rule.json');
});

test('more than a page of rules: the list brings more, a picker finds each by its name', async ({ page }) => {
  const rules = Array.from({ length: 52 }, (_, index) => ({
    ...RULE,
    name: `Zone rule ${String(index + 1).padStart(2, '0')}`,
  }));
  await page.goto('/rules?search=Zone');
  await api(page, 'POST', '/import', { rules });
  await page.goto('/rules?search=Zone');
  await expect(page.getByRole('link', { name: 'Zone rule 01' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Zone rule 52' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect(page.getByRole('link', { name: 'Zone rule 52' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Show more' })).toHaveCount(0);

  await page.goto('/runs');
  const picker = page.getByRole('combobox', { name: 'Rule', exact: true });
  await picker.fill('rule 52');
  await takeByArrow(picker, page.getByRole('option', { name: 'Zone rule 52' }));
  await expect(page).toHaveURL(/rule=\d+/);
  await page.reload();
  await expect(picker).toHaveValue('Zone rule 52');
});
