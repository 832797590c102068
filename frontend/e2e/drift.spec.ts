/** A column disappears under a rule that is on: told in the list, the bell, the builder and the next run; and over again. */
import { api } from './support/builder';
import { expect, expectAccessible, own, sql, test } from './support/house';

const OWNER = 'crm_url' as const;

const welcome = (name: string, table: string) => ({
  dialect: 1,
  name,
  nodes: [
    {
      id: 't',
      kind: 'trigger',
      on: 'change',
      connection: 'crm',
      table: `public.${table}`,
      events: ['insert'],
    },
    { id: 'c', kind: 'condition', logic: { '===': [{ var: 'after.mood' }, 'loud'] } },
    { id: 'n', kind: 'action', do: 'notify', fields: { to: 'everyone', title: 'Hello' } },
  ],
  edges: [
    ['t', 'c'],
    ['c', 'n', 'no'],
  ],
});

test('a column that is gone is told everywhere, and putting it back clears it', async ({ page }) => {
  const name = own('Greet loud visitors');
  const table = own('visits');
  const mood = new RegExp(`${own('Visits')} has no field “Mood”`);
  sql(
    `create table ${table} (id bigint generated always as identity primary key, guest text, mood text);
     grant select, insert, update on ${table} to crm_app, public;`,
    OWNER,
  );
  const connection = (await api(page, 'GET', '/connections')).items.find(
    (one: { name: string }) => one.name === 'crm',
  ).id;
  await api(page, 'POST', '/watches', { connection_id: connection, table: `public.${table}`, excluded: [] });
  const rule = await api(page, 'POST', '/rules', { document: welcome(name, table) });
  await api(page, 'POST', `/rules/${rule.id}/publish`, { etag: rule.draft.etag });
  const drift = async () => (await api(page, 'GET', `/rules/${rule.id}`)).drift.length;

  sql(`alter table ${table} rename column mood to temper`, OWNER);
  await expect.poll(drift, { timeout: 20_000 }).toBe(1);
  await page.goto('/rules');
  const box = page.getByRole('region', { name: /need/i }).filter({ hasText: name });
  await expect(box).toContainText('A table changed after this rule was published.');
  await expect(box).toContainText(mood);
  await expectAccessible(page);
  await page.getByRole('button', { name: /Notifications/ }).click();
  await expect(page.getByText(`“${name}” no longer fits its table`)).toHaveCount(1);
  await page.getByRole('link', { name: `“${name}” no longer fits its table` }).click();
  await expect(page.locator('[data-drift]')).toContainText(mood);

  sql(`insert into ${table} (guest, temper) values ('Ada', 'quiet')`);
  const failed = async () => (await api(page, 'GET', `/runs?rule_id=${rule.id}&state=failed`)).items;
  await expect.poll(async () => (await failed()).length, { timeout: 20_000 }).toBe(1);
  await page.goto(`/runs/${(await failed())[0].id}`);
  await expect(page.locator('[data-fault]')).toContainText('no field “Mood”');

  sql(`alter table ${table} rename column temper to mood`, OWNER);
  await expect.poll(drift, { timeout: 20_000 }).toBe(0);
  await page.goto(`/rules/${rule.id}`);
  await expect(page.locator('[data-card]').first()).toBeVisible();
  await expect(page.locator('[data-drift]')).toHaveCount(0);
});
