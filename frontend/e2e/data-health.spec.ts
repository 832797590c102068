/** Somebody takes our trigger off a watched table: Data says so, in words, and one button brings it back. */
import { api } from './support/builder';
import { expect, expectAccessible, own, sql, test } from './support/house';

const OWNER = 'crm_url' as const;

test('a trigger that is taken away is told in Data, and one button brings it back', async ({ page }) => {
  const table = own('parcels');
  sql(
    `create table ${table} (id bigint generated always as identity primary key, weight int);
     grant select, insert, update, trigger on ${table} to crm_app, public;`,
    OWNER,
  );
  const connection = (await api(page, 'GET', '/connections')).items.find(
    (one: { name: string }) => one.name === 'crm',
  ).id;
  await api(page, 'POST', '/watches', { connection_id: connection, table: `public.${table}`, excluded: [] });
  const troubles = async () => (await api(page, 'GET', `/connections/${connection}/log`)).troubles.length;
  await expect.poll(troubles, { timeout: 20_000 }).toBe(0);

  sql(`drop trigger ruleyard_insert on ${table}`, OWNER);
  await expect.poll(troubles, { timeout: 20_000 }).toBe(1);
  await page.goto(`/data?connection=${connection}`);
  const box = page.getByRole('region', { name: 'Something keeps changes from being seen' });
  await expect(box).toContainText(`public.${table}: our triggers were removed`);
  await expect(page.getByText(/Stored changes take [\d.,]+ [kM]B/)).toBeVisible();
  await expectAccessible(page);

  await box.getByRole('button', { name: 'Watch again' }).click();
  await expect(box).toHaveCount(0);
  sql(`insert into ${table} (weight) values (7)`);
  await page.goto(`/data?connection=${connection}&table=public.${table}`);
  await expect(page.getByRole('list', { name: 'Times that nothing is known of' })).toContainText(
    'it was not captured',
  );
  await expect(page.getByText('Created')).toBeVisible();
});
