/** A rule that wakes itself: the chain ends and shows itself as a tree, the rule is paused, and can be turned on again. */
import { api } from './support/builder';
import { expect, expectAccessible, own, sql, test } from './support/house';

const OWNER = 'crm_url' as const;

const echo = (name: string, table: string) => ({
  dialect: 1,
  name,
  nodes: [
    {
      id: 't',
      kind: 'trigger',
      on: 'change',
      connection: 'crm',
      table: `public.${table}`,
      events: ['update'],
    },
    {
      id: 'a',
      kind: 'action',
      do: 'update_record',
      fields: { set: { times: { '+': [{ var: 'after.times' }, 1] } } },
    },
  ],
  edges: [['t', 'a']],
});

test('a rule that wakes itself ends, shows its cascade, is paused and turned on again', async ({ page }) => {
  test.setTimeout(60_000);
  const name = own('Count every echo');
  const table = own('echoes');
  sql(
    `create table ${table} (id bigint generated always as identity primary key, times integer not null default 0);
     grant select, insert, update on ${table} to crm_app, public;
     insert into ${table} (times) select 0 from generate_series(1, 6);`,
    OWNER,
  );
  const connection = (await api(page, 'GET', '/connections')).items.find(
    (one: { name: string }) => one.name === 'crm',
  ).id;
  await api(page, 'POST', '/watches', { connection_id: connection, table: `public.${table}`, excluded: [] });
  const rule = await api(page, 'POST', '/rules', { document: echo(name, table) });
  await api(page, 'POST', `/rules/${rule.id}/publish`, { etag: rule.draft.etag });
  sql(`update ${table} set times = 1`, OWNER);
  await expect
    .poll(async () => (await api(page, 'GET', `/rules/${rule.id}`)).paused?.code, { timeout: 30_000 })
    .toBe('rule-looped-long');

  await page.goto('/rules');
  await expect(page.getByRole('row', { name })).toContainText('Paused by Ruleyard');
  await page.getByRole('button', { name: /Notifications/ }).click();
  await expect(page.getByText(`“${name}” was paused`)).toHaveCount(1);

  const stopped = (await api(page, 'GET', `/runs?rule_id=${rule.id}&state=failed`)).items[0];
  await page.goto(`/runs/${stopped.id}`);
  await expect(page.locator('[data-fault]')).toContainText('this chain of rules is 8 runs long');
  const tree = page.locator('[data-cascade]');
  await expect(tree.getByRole('link')).toHaveCount(9);
  await expect(tree.locator('[aria-current="page"]')).toHaveCount(1);
  await expectAccessible(page);
  await tree.getByRole('link').first().press('Enter');
  await expect(page).not.toHaveURL(new RegExp(`/runs/${stopped.id}$`));

  await page.goto(`/rules/${rule.id}`);
  const note = page.locator('[data-paused]');
  await expect(note).toContainText('chains of rules that set each other off');
  await note.getByRole('button', { name: 'Turn on again' }).click();
  await expect(note).toHaveCount(0);
  await api(page, 'POST', `/rules/${rule.id}/disable`);
});
