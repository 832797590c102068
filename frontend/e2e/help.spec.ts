import { newRule, RULE } from './support/builder';
import { expect, expectAccessible, own, sql, test } from './support/house';

test('Ctrl+K finds a rule, a record and a page, and remembers where one went', async ({ page }) => {
  await newRule(page, { ...RULE, name: 'Findable by name' });
  await page.goto('/dashboard');
  await expect(page.getByRole('heading', { name: 'Dashboard', level: 1 })).toBeVisible();
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: 'Rules, runs, records, pages, actions' });
  await expect(field).toBeFocused();
  await expectAccessible(page, '[role="dialog"]');
  await page.keyboard.type('findable');
  const option = page.getByRole('group', { name: 'Rules' }).getByRole('option', { name: 'Findable by name' });
  await expect(option).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/rules\/\d+$/);

  await page.keyboard.press('Control+k');
  await expect(
    page.getByRole('group', { name: 'Recent' }).getByRole('option', { name: 'Findable by name' }),
  ).toBeVisible();
  const last = own('Findlater');
  sql(`insert into leads (first_name, last_name, email, source, consent)
       values ('Ada', '${last}', 'ada.findlater@example.test', 'web', true)`);
  await field.fill(last.toLowerCase());
  const records = page.getByRole('group', { name: 'Records' });
  await expect(
    records.getByRole('option', { name: new RegExp(`^Runs of .*Ada ${last}`) }).first(),
  ).toBeVisible();
  await records.getByRole('option', { name: new RegExp(`^Ada ${last} #\\d+ Leads`) }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(`Ada ${last}`);

  await page.keyboard.press('Control+k');
  await field.fill('zzz nothing has this');
  await expect(page.getByText('Nothing here has “zzz nothing has this”')).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: 'Nothing found' })).toHaveCount(1);
  await field.fill('import');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Import rules' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.getByRole('button', { name: 'Search everything' }).click();
  await expect(field).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Search everything' })).toBeFocused();
});

test('? tells the keys of the page and what the words mean', async ({ page }) => {
  await newRule(page, { ...RULE, name: 'Keys here' });
  await page.locator('body').press('?');
  const sheet = page.getByRole('dialog', { name: 'Help' });
  await expect(sheet.getByText('While a rule is open')).toBeVisible();
  await sheet.getByRole('tab', { name: 'Words' }).click();
  await sheet.getByRole('textbox', { name: 'Find a word' }).fill('past changes');
  await expect(sheet.getByRole('term')).toHaveText(['Try on past changes']);
  await expectAccessible(page, '[role="dialog"]');
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await page.goto('/runs');
  await expect(page.getByRole('heading', { name: 'Runs', level: 1 })).toBeVisible();
  await page.locator('body').press('?');
  await expect(sheet.getByText('Everywhere')).toBeVisible();
  await expect(sheet.getByText('While a rule is open')).toHaveCount(0);
});
