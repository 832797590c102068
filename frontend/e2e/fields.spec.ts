import { expect, expectAccessible, own, sql, test } from './support/house';

test('a new field is found, named by keyboard, and the builder says its name', async ({ page }) => {
  const column = own('hat_size');
  const hat = own('Hat size');
  sql(`alter table public.leads drop column if exists ${column}`, 'crm_url');
  await page.goto('/data');
  await page.getByRole('link', { name: 'Leads' }).click();
  await expect(page.getByRole('tab', { name: 'Fields' })).toBeVisible();
  sql(`alter table public.leads add column ${column} int`, 'crm_url');
  try {
    await page.reload();
    await page.getByRole('tab', { name: /Fields/ }).click();
    await expect(page.getByRole('region', { name: '1 new field found' })).toContainText(hat);
    const row = page.getByRole('row', { name: new RegExp(column) });
    await row.getByRole('button', { name: `Rename ${hat}` }).press('Enter');
    await page.getByLabel(`Name for ${column}`).fill('Size of the hat');
    await page.keyboard.press('Enter');
    await expect(row).toContainText('Size of the hat');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Got it' }).click();
    await expect(page.getByRole('region', { name: '1 new field found' })).toBeHidden();
    const status = page.getByRole('row', { name: /status$|^Status status/ }).first();
    await status.getByRole('button', { name: /Status: used by \d+ rules/ }).click();
    await expect(page.getByRole('menuitem', { name: 'Rescue missed callbacks' })).toBeVisible();
    await page.getByRole('menuitem', { name: 'All rules that start from Leads' }).click();
    await expect(page).toHaveURL(/\/rules\?about=crm/);
    await expect(page.getByText('Start from: Leads')).toBeVisible();
    const rule = page.getByRole('link', { name: '大额商机通知主管' });
    await expect(page.getByRole('link', { name: 'Rescue missed callbacks' }).first()).toBeVisible();
    await expect(rule).toHaveCount(0);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Show the rules of every table, not only of Leads' }).click();
    await expect(page.getByText('Start from: Leads')).toBeHidden();
    await expect(rule.first()).toBeVisible();
  } finally {
    sql(`alter table public.leads drop column if exists ${column}`, 'crm_url');
  }
});
