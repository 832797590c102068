import { expect, expectAccessible, flip, sql, test } from './support/house';

const NEW_LEAD = `insert into leads (first_name, last_name, email, source, consent, status)
  values ('Ada', 'Lovelace', 'ada@example.test', 'web', true, 'new')`;

test('a new run waits behind its button and never moves the list', async ({ page }) => {
  const stream = page.waitForResponse('**/api/v1/stream');
  await page.goto('/runs');
  await stream;
  await expect(page.getByRole('heading', { name: 'Runs' })).toBeVisible();
  await expect(page.getByText('No runs yet').or(page.getByRole('table'))).toBeVisible();
  const before = await page.locator('tr[data-run]').count();
  sql(NEW_LEAD);
  const button = page.getByRole('button', { name: /new run/ });
  await expect(button).toBeVisible();
  expect(await page.locator('tr[data-run]').count()).toBe(before);
  await button.click();
  const first = page.locator('tr[data-run]').first();
  await expect(first).toContainText('Welcome new web leads');
  await expect(first).toContainText('Ada');
});

test('filters of the runs live in the address', async ({ page }) => {
  await page.goto('/runs?state=failed');
  await expect(page.getByRole('combobox', { name: 'Result' })).toHaveValue('Failed');
  await page.getByRole('button', { name: 'Clear filters' }).first().click();
  await expect(page).toHaveURL(/\/runs$/);
});

test('the sent mail is in the inbox', async ({ page }) => {
  await page.goto('/inbox');
  await expect(page.getByText('ada@example.test').first()).toBeVisible();
  await expect(page.getByRole('heading', { name: /Welcome, Ada/ })).toBeVisible();
});

test('the dashboard counts the run, as a chart and as a table', async ({ page }) => {
  await page.goto('/dashboard');
  await expect(page.getByText('Finished well')).toBeVisible();
  await expect(page.locator('.recharts-surface').first()).toBeVisible();
  await page.getByRole('button', { name: 'As a table' }).click();
  await expect(page.getByRole('columnheader', { name: 'Failed' })).toBeVisible();
  await page.getByText('24 hours', { exact: true }).click();
  await expect(page).toHaveURL(/period=24h/);
  await expect(page.getByRole('heading', { name: 'Runs per hour' })).toBeVisible();
});

test('a table is watched, its change is seen, and unwatched again', async ({ page }) => {
  await page.goto('/data');
  const row = page.getByRole('row', { name: /Agents/ });
  const watch = row.getByRole('switch');
  // An earlier try may have left it watched.
  await expect(watch).toBeVisible();
  if (!(await watch.isChecked())) await flip(watch);
  await expect(watch).toBeChecked();
  sql('update agents set name = name || $$ Jr.$$ where id = (select min(id) from agents)');
  await expect(row).toContainText(/\d changes?/, { timeout: 30_000 });
  await row.getByRole('link', { name: 'Agents' }).click();
  await expect(page.getByText('Changed', { exact: true }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Why not?' }).first().click();
  await page.getByRole('combobox', { name: 'Rule' }).fill('Rescue');
  await page.getByRole('option', { name: 'Rescue missed callbacks' }).click();
  const why = page.getByRole('dialog');
  await expect(why.getByText('It did not run')).toBeVisible();
  await expect(why.getByText('The rule looks at other records')).toBeVisible();
  await expect(why.locator('[data-card]').first()).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await flip(page.getByRole('switch', { name: 'Watch changes of Agents' }));
  await page.getByRole('button', { name: 'Stop watching' }).click();
  await expect(page.getByRole('switch', { name: 'Watch changes of Agents' })).not.toBeChecked();
});
