/** Why did a rule not run: from a record's history, from the rule, by a shared address, and inside a run. */
import type { Page } from '@playwright/test';
import { api, ruleOnLeads } from './support/builder';
import { expect, expectAccessible, own, sql, test } from './support/house';

test.use({ keeps: true });

/** Of this repetition: none is part of another's. */
const deals = (): string => `${own('Thank big')} deals`;
const lead = (): string => `${own('why-spec')}@example.test`;
const surname = (): string => own('Wye');
const whole = (): RegExp => new RegExp(`Whitney ${surname()}(?!\\d)`);

const NEED = ruleOnLeads({
  name: '',
  columns: ['status', 'attempts'],
  logic: {
    and: [
      { '!==': [{ var: 'before.status' }, 'won'] },
      { '===': [{ var: 'after.status' }, 'won'] },
      { '>=': [{ var: 'after.attempts' }, 3] },
    ],
  },
  title: 'Thank them',
});

/** The rule is on, and one lead has been through every case; made once, found again by later tests. */
async function scene(page: Page): Promise<{ rule: number; connection: number; key: string }> {
  const named = async () =>
    (await api(page, 'GET', `/rules?search=${encodeURIComponent(deals())}`)).items.find(
      (one: { name: string }) => one.name === deals(),
    );
  const known = await named();
  const connection = (await api(page, 'GET', '/connections')).items.find(
    (one: { name: string }) => one.name === 'crm',
  ).id;
  const events = async () =>
    (await api(page, 'GET', `/events?connection_id=${connection}&table=public.leads&limit=100`)).items.filter(
      (one: { after: { email: string } | null }) => one.after?.email === lead(),
    );
  if (known === undefined) {
    sql(`insert into leads (first_name, last_name, email, source, consent, status, attempts)
      values ('Whitney', '${surname()}', '${lead()}', 'referral', true, 'new', 2)`);
    const rule = await api(page, 'POST', '/rules', { document: { ...NEED, name: deals() } });
    await api(page, 'POST', `/rules/${rule.id}/publish`, { etag: rule.draft.etag });
    sql(`update leads set status = 'won' where email = '${lead()}'`);
    sql(`update leads set city = 'Busan' where email = '${lead()}'`);
    sql(`update leads set attempts = 5 where email = '${lead()}'`);
    await expect.poll(async () => (await events()).length, { timeout: 20_000 }).toBe(4);
  }
  const rule = (known ?? (await named())).id;
  return { rule, connection, key: JSON.stringify((await events())[0].key) };
}

const change = (page: Page, words: string) => page.locator('li[data-op]').filter({ hasText: words });

test('a record tells its history, and each change why a rule did not run', async ({ page }) => {
  const { connection, key } = await scene(page);
  await page.goto(`/data?connection=${connection}&table=public.leads&record=${encodeURIComponent(key)}`);
  await expect(page.getByRole('heading', { name: whole() })).toBeVisible();
  await expect(page.locator('li[data-op]')).toHaveCount(4);

  await change(page, 'new → won').getByRole('button', { name: 'Why not?' }).click();
  const why = page.getByRole('dialog');
  await expect(why.getByRole('region', { name: 'What each rule of this table did' })).toBeVisible();
  await why.getByRole('combobox', { name: 'Rule' }).fill(deals());
  await expect(page.getByText('Start from this table', { exact: true })).toBeVisible();
  await page.getByRole('option', { name: deals(), exact: true }).click();
  await expect(why.getByText('Needed: Attempts is at least 3. It was: 2.')).toBeVisible();
  await expect(why.locator('[data-card="c"]')).toBeVisible();
  await expect(why.getByText('as it was live then')).toBeVisible();
  await expectAccessible(page);

  // The address says it all: whoever opens it sees the same.
  const address = page.url();
  await page.goto('/rules');
  await page.goto(address);
  await expect(why.getByText('Needed: Attempts is at least 3. It was: 2.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('of many rules of a table a few are explained at once, and the others when asked for', async ({
  page,
}) => {
  const { connection, key } = await scene(page);
  const made: number[] = [];
  for (let number = 1; number <= 9; number += 1) {
    const rule = await api(page, 'POST', '/rules', {
      document: { ...NEED, name: `${own('Zero')} in ${number}` },
    });
    made.push(rule.id);
  }
  await page.goto(`/data?connection=${connection}&table=public.leads&record=${encodeURIComponent(key)}`);
  await change(page, 'new → won').getByRole('button', { name: 'Why not?' }).click();
  const each = page.getByRole('region', { name: 'What each rule of this table did' });
  await expect(each.getByRole('listitem')).toHaveCount(8);
  const more = each.getByRole('button', { name: 'Show more' });
  while (await more.isVisible()) {
    const before = await each.getByRole('listitem').count();
    await more.click();
    await expect.poll(() => each.getByRole('listitem').count()).toBeGreaterThan(before);
  }
  await expect(each.getByRole('button', { name: `${own('Zero')} in 9` })).toBeVisible();
  for (const id of made) await api(page, 'DELETE', `/rules/${id}`);
});

test('asked from the rule, every change of a record says its reason', async ({ page }) => {
  await scene(page);
  await page.goto(`/rules?search=${encodeURIComponent(deals())}`);
  await page.getByRole('button', { name: new RegExp(deals()) }).click();
  await page.getByRole('menuitem', { name: /Why did it not run/ }).click();
  await expect(page.getByText(`Why did “${deals()}” not run?`)).toBeVisible();
  await page.getByRole('combobox', { name: 'Find a record' }).fill(lead());
  await page.getByRole('option', { name: whole() }).click();
  await expect(change(page, 'Busan')).toContainText(
    'It listens to: Status and Attempts. Changed here: City.',
  );
  await expect(change(page, 'Attempts 2 → 5')).toContainText('Status was already Won before the change.');
  await expect(change(page, 'Created')).toContainText('The rule did not exist yet');
});

test('the open rule is asked about from the builder', async ({ page }) => {
  const { rule } = await scene(page);
  await page.goto(`/rules/${rule}`);
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: /Why did it not run for/ }).click();
  await expect(page.getByText(`Why did “${deals()}” not run?`)).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Find a record' })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`[?&]rule=${rule}(&|$)`));
});

test('a run says what the other branch would have needed, and leads to its record', async ({ page }) => {
  const { rule } = await scene(page);
  sql(`update leads set status = 'new' where email = '${lead()}'`);
  sql(`update leads set status = 'won' where email = '${lead()}'`);
  const runs = async () => (await api(page, 'GET', `/runs?rule_id=${rule}`)).items;
  await expect.poll(async () => (await runs()).length, { timeout: 20_000 }).toBeGreaterThan(0);
  await page.goto(`/runs/${(await runs())[0].id}`);
  await expect(page.getByText('(was 5)')).toBeVisible();
  await page.getByRole('link', { name: 'History of the record' }).click();
  await expect(page.getByRole('heading', { name: whole() })).toBeVisible();
  await expect(page.getByRole('link', { name: new RegExp(deals()) }).first()).toBeVisible();
});
