/** A column disappears under a rule that is on: told in the list, the bell, the builder and the next run; and over again. */
import { api } from './support/builder';
import { expect, expectAccessible, sql, test } from './support/house';

const OWNER = 'crm_url' as const;

const WELCOME = {
  dialect: 1,
  name: 'Greet loud visitors',
  nodes: [
    {
      id: 't',
      kind: 'trigger',
      on: 'change',
      connection: 'crm',
      table: 'public.visits',
      events: ['insert'],
    },
    { id: 'c', kind: 'condition', logic: { '===': [{ var: 'after.mood' }, 'loud'] } },
    { id: 'n', kind: 'action', do: 'notify', fields: { to: 'everyone', title: 'Hello' } },
  ],
  edges: [
    ['t', 'c'],
    ['c', 'n', 'no'],
  ],
};

test('a column that is gone is told everywhere, and putting it back clears it', async ({ page }) => {
  sql(
    `create table visits (id bigint generated always as identity primary key, guest text, mood text);
     grant select, insert, update on visits to crm_app, public;`,
    OWNER,
  );
  const connection = (await api(page, 'GET', '/connections')).items.find(
    (one: { name: string }) => one.name === 'crm',
  ).id;
  await api(page, 'POST', '/watches', { connection_id: connection, table: 'public.visits', excluded: [] });
  const rule = await api(page, 'POST', '/rules', { document: WELCOME });
  await api(page, 'POST', `/rules/${rule.id}/publish`, { etag: rule.draft.etag });
  const drift = async () => (await api(page, 'GET', `/rules/${rule.id}`)).drift.length;

  sql('alter table visits rename column mood to temper', OWNER);
  await expect.poll(drift).toBe(1);
  await page.goto('/rules');
  const box = page.getByRole('region', { name: /need/i }).filter({ hasText: 'Greet loud visitors' });
  await expect(box).toContainText('A table changed after this rule was published.');
  await expect(box).toContainText('Visits has no field “Mood”');
  await expectAccessible(page);
  await page.getByRole('button', { name: /Notifications/ }).click();
  await expect(page.getByText('“Greet loud visitors” no longer fits its table')).toHaveCount(1);
  await page.getByRole('link', { name: /no longer fits its table/ }).click();
  await expect(page.locator('[data-drift]')).toContainText('Visits has no field “Mood”');

  sql("insert into visits (guest, temper) values ('Ada', 'quiet')");
  const failed = async () => (await api(page, 'GET', `/runs?rule_id=${rule.id}&state=failed`)).items;
  await expect.poll(async () => (await failed()).length).toBe(1);
  await page.goto(`/runs/${(await failed())[0].id}`);
  await expect(page.locator('[data-fault]')).toContainText('no field “Mood”');

  sql('alter table visits rename column temper to mood', OWNER);
  await expect.poll(drift).toBe(0);
  await page.goto(`/rules/${rule.id}`);
  await expect(page.locator('[data-card]').first()).toBeVisible();
  await expect(page.locator('[data-drift]')).toHaveCount(0);
});
