/** What takes room and how long it is kept; and a run that is not kept any more. */
import { api } from './support/builder';
import { expect, expectAccessible, sql, test } from './support/house';

// The address of a run that is gone answers 404.
test.use({ allowed: [/404/] });

test('settings show what takes room, and what goes next', async ({ page }) => {
  await page.goto('/settings');
  await page.getByRole('tab', { name: 'Storage' }).click();
  await expect(page.getByText(/^Ruleyard takes \d/)).toBeVisible();
  await expect(page.locator('[data-next]')).toContainText('Next to go: the runs of');
  await expect(page.locator('[data-kind="runs"]')).toContainText('30 days, failed ones 90 days');
  await expect(page.locator('[data-kind="figures"]')).toContainText('2 years');
  await expect(page.locator('[data-kind="audit"]')).toContainText('always');
  await expectAccessible(page);
});

test('the time line of a record says where the memory ends', async ({ page }) => {
  const connection = (await api(page, 'GET', '/connections')).items.find(
    (one: { name: string }) => one.name === 'crm',
  );
  const key = encodeURIComponent('{"id":987654}');
  await page.goto(`/data?connection=${connection.id}&table=public.leads&record=${key}`);
  await expect(page.getByRole('heading', { name: 'No change of this record is kept' })).toBeVisible();
  await expect(page.locator('[data-memory]')).toContainText('The oldest changes that are kept');
});

test('the address of a run that is gone says from when it was, and the list how far it goes back', async ({
  page,
}) => {
  sql(
    `insert into app.run_gone (shelf, begins_on, ends_on, first_run, last_run, size_bytes, keep_days, keep_failed_days)
     values ('recent', '2024-10-07', '2024-10-14', 900000001, 900000009, 1, 30, 90)`,
    'database_url',
  );
  try {
    await page.goto('/runs/900000005');
    await expect(page.getByRole('heading', { name: 'Run 900000005 is not kept any more' })).toBeVisible();
    await expect(page.getByText(/October 2024|Oct(ober)? 7/)).toBeVisible();
    await expectAccessible(page);
    await page.goto('/runs?key=no-such-record');
    await expect(page.locator('[data-kept]')).toContainText('This list goes back to');
    await expect(page.locator('[data-kept]')).toContainText('kept for 30 days, failed ones for 90 days');
    await page.goto('/runs/999999999');
    await expect(page.getByRole('heading', { name: 'There is no run 999999999' })).toBeVisible();
  } finally {
    sql(`delete from app.run_gone where first_run = 900000001`, 'database_url');
  }
});
