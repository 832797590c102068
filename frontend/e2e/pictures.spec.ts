/** Not a test: takes the pictures of docs/images from the running product (`just pictures`). */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { api, ruleOnLeads } from './support/builder';
import { expect, sql, test } from './support/house';

const IMAGES = resolve(dirname(fileURLToPath(import.meta.url)), '../../docs/images');

/** What the simulator would do in some minutes, and one rule whose partner does not answer. */
const MORNING = `
  insert into leads (first_name, last_name, email, source, consent)
  select first_name, last_name, email, 'web', true from leads where email is not null and id % 9 = 0;
  update leads set status = 'contacted' where status = 'new' and id % 3 = 0;
  update leads set status = 'callback', attempts = attempts + 3, next_call_at = now() + interval '2 hours'
    where status = 'contacted' and id % 4 = 0;
  update deals set amount = 620000 where id % 40 = 0;
`;

const PARTNER = {
  dialect: 1,
  name: "Tell the partner's system",
  nodes: [
    {
      id: 't',
      kind: 'trigger',
      on: 'change',
      connection: 'crm',
      table: 'public.deals',
      events: ['update'],
      columns: ['stage'],
    },
    { id: 'c', kind: 'condition', logic: { '===': [{ var: 'after.stage' }, 'won'] } },
    { id: 'h', kind: 'action', do: 'call_webhook', fields: { url: 'http://10.0.0.9/deals' } },
  ],
  edges: [
    ['t', 'c'],
    ['c', 'h', 'yes'],
  ],
};

async function take(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await page.evaluate(() => document.fonts.ready);
  await page.mouse.move(720, 2);
  await page.screenshot({ path: join(IMAGES, `${name}.png`), animations: 'disabled' });
}

async function go(page: Page, path: string, sign: string | RegExp): Promise<void> {
  await page.goto(path, { waitUntil: 'domcontentloaded' });
  await expect(page.getByText(sign).first()).toBeVisible();
}

test('the main screens, as the README shows them', async ({ page }) => {
  test.setTimeout(120_000);
  const rules = (await api(page, 'GET', '/rules')).items;
  const rescue = rules.find((rule: { name: string }) => rule.name === 'Rescue missed callbacks');
  const partner = await api(page, 'POST', '/rules', { document: PARTNER });
  await api(page, 'POST', `/rules/${partner.id}/publish`, { etag: partner.draft.etag });
  sql(MORNING);
  sql("update deals set stage = 'won' where stage <> 'won' and id % 97 = 0");
  await expect
    .poll(async () => (await (await page.request.get('/health/lag')).json()).runs.queued, { timeout: 60_000 })
    .toBe(0);
  await expect
    .poll(async () => (await api(page, 'GET', `/runs?rule_id=${partner.id}&state=failed`)).items.length)
    .toBeGreaterThan(0);
  const runs = (await api(page, 'GET', `/runs?rule_id=${rescue.id}&state=succeeded&limit=100`)).items;
  const rescued = runs.find((run: { path: string }) => run.path === 'yes/yes/yes/3') ?? runs[0];

  await go(page, '/rules', 'Rescue missed callbacks');
  await take(page, 'rules');
  await go(page, '/runs', 'Rescue missed callbacks');
  await take(page, 'runs');
  await go(page, `/runs/${rescued.id}`, 'What happened');
  await take(page, 'run');
  await go(page, '/dashboard', 'Runs per day');
  await page.getByText('7 days').click();
  await expect(page.locator('.recharts-area-curve').first()).toBeVisible();
  await take(page, 'dashboard');
  await go(page, '/data', 'public.leads');
  await take(page, 'data');
  await go(page, '/templates', 'Greet every new lead');
  await take(page, 'templates');
  await page.setViewportSize({ width: 390, height: 844 });
  await go(page, `/rules/${rescue.id}`, 'Attempts is at least 3');
  await take(page, 'phone');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`/rules/${rescue.id}`);
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  const condition = page.locator('[data-card]').filter({ hasText: '3 conditions' });
  await condition.getByRole('button').first().click();
  await expect(page.getByText('Add condition').first()).toBeVisible();
  await take(page, 'builder');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.evaluate(() => localStorage.setItem('mantine-color-scheme-value', 'dark'));
  await page.reload();
  await expect(condition).toBeVisible();
  await condition.getByRole('button').first().click();
  await take(page, 'builder-dark');
});

const HASTY = {
  dialect: 1,
  name: 'Small budgets, called back',
  nodes: [
    { id: 't', kind: 'trigger', on: 'change', connection: 'crm', table: 'public.leads', events: ['update'] },
    {
      id: 'c',
      kind: 'condition',
      logic: {
        and: [
          { '===': [{ var: 'after.status' }, 'calback'] },
          { '<': [{ var: 'after.budget' }, 5000] },
          { '===': [{ var: 'after.attempts' }, '3'] },
        ],
      },
    },
    {
      id: 'n',
      kind: 'action',
      do: 'notify',
      fields: { title: { cat: ['Call ', { var: 'after.frist_name' }] } },
    },
    { id: 'u', kind: 'action', do: 'update_record', fields: { set: { queue: 'senior' } } },
  ],
  edges: [
    ['t', 'c'],
    ['c', 'n', 'yes'],
    ['n', 'u'],
  ],
};

test('what is wrong, in place, each with its fix', async ({ page }) => {
  const rule = await api(page, 'POST', '/rules', { document: HASTY });
  await page.goto(`/rules/${rule.id}`);
  await page.locator('[data-card="c"]').getByRole('button').first().click();
  await expect(page.getByRole('button', { name: 'Use “callback”' })).toBeVisible();
  await expect(page.locator('[data-problems]')).toHaveText('4 problems');
  await take(page, 'problems');
});

test('a draft on past changes, beside the version that is on', async ({ page }) => {
  const rules = (await api(page, 'GET', '/rules')).items;
  const { id } = rules.find((rule: { name: string }) => rule.name === 'Rescue missed callbacks');
  const rule = await api(page, 'GET', `/rules/${id}`);
  const document = JSON.parse(
    JSON.stringify(rule.draft.document).replace(
      '[{"var":"after.attempts"},3]',
      '[{"var":"after.attempts"},2]',
    ),
  );
  await api(page, 'PUT', `/rules/${id}/draft`, { document }, { 'If-Match': rule.draft.etag });
  sql(MORNING);
  sql("update leads set status = 'callback', attempts = 2 where status = 'new' and id % 5 = 0");
  sql("update leads set status = 'won' where status = 'callback' and id % 6 = 0");
  await go(page, `/rules/${id}`, 'Draft with changes');
  await page.getByRole('button', { name: 'Try on past changes' }).click();
  const panel = page.locator('[data-backtest]');
  await expect(panel.locator('[data-compared]')).toBeVisible();
  await panel.locator('[data-match]').filter({ hasText: 'Yes →' }).first().getByRole('button').click();
  await expect(page.locator('[data-card][data-paint="done"]').first()).toBeVisible();
  await panel.locator('[data-summary]').scrollIntoViewIfNeeded();
  await take(page, 'backtest');
});

test('the versions of a rule, compared', async ({ page }) => {
  const rules = (await api(page, 'GET', '/rules')).items;
  const { id } = rules.find((rule: { name: string }) => rule.name === 'Rescue missed callbacks');
  const { draft } = await api(page, 'GET', `/rules/${id}`);
  const document = draft.document;
  const step = (name: string) => document.nodes.find((node: { id: string }) => node.id === name);
  step('hard').logic.and[0] = { '>=': [{ var: 'after.attempts' }, 2] };
  step('mail').fields.subject = { cat: ['When suits you, ', { var: 'after.first_name' }, '?'] };
  document.nodes = document.nodes.filter((node: { id: string }) => node.id !== 'patience');
  document.edges = document.edges.filter((edge: string[]) => !edge.includes('patience'));
  document.edges.push(['hard', 'task', 'no']);
  await api(page, 'PUT', `/rules/${id}/draft`, { document }, { 'If-Match': draft.etag });
  sql("update leads set status = 'contacted' where status = 'callback'");
  sql("update leads set status = 'callback', attempts = 2, budget = 9000 where id % 50 = 0");
  await go(page, `/rules/${id}/versions?a=1&b=draft&step=hard`, 'Decided differently so far');
  await expect(page.locator('[data-different-event]').first()).toBeVisible();
  await take(page, 'versions');
  await api(page, 'POST', `/rules/${id}/versions/1/restore`);
});

const THANKS = ruleOnLeads({
  name: 'Thank for big deals',
  columns: ['status'],
  logic: {
    and: [{ '===': [{ var: 'after.status' }, 'won'] }, { '>=': [{ var: 'after.budget' }, 5000] }],
  },
  title: 'Thank them',
});

test('why a rule did not run for a change', async ({ page }) => {
  const rule = await api(page, 'POST', '/rules', { document: THANKS });
  await api(page, 'POST', `/rules/${rule.id}/publish`, { etag: rule.draft.etag });
  const connections = (await api(page, 'GET', '/connections')).items;
  const { id } = connections.find((one: { name: string }) => one.name === 'crm');
  sql(`insert into leads (first_name, last_name, email, source, consent, status, budget)
    values ('Grace', 'Hopper', 'grace@example.test', 'referral', true, 'contacted', 4200)`);
  sql("update leads set status = 'won' where email = 'grace@example.test'");
  const found = async () =>
    (await api(page, 'GET', `/events?connection_id=${id}&table=public.leads&limit=20`)).items.find(
      (one: { op: string; after: { email: string } | null }) =>
        one.op === 'update' && one.after?.email === 'grace@example.test',
    );
  await expect.poll(async () => await found()).toBeTruthy();
  const event = await found();
  const record = encodeURIComponent(JSON.stringify(event.key));
  await page.goto(
    `/data?connection=${id}&table=public.leads&record=${record}&event=${event.id}&rule=${rule.id}`,
  );
  const why = page.getByRole('dialog');
  await expect(why.getByText('Needed: Budget is at least 5,000. It was: 4,200.')).toBeVisible();
  await expect(why.locator('[data-card="c"]')).toBeVisible();
  await take(page, 'why');
});

test('what is asked before a rule goes on', async ({ page }) => {
  const rule = await api(page, 'POST', '/rules', {
    document: ruleOnLeads({
      name: 'Thank who was won',
      logic: { '===': [{ var: 'after.status' }, 'won'] },
      title: { cat: ['Thank ', { var: 'after.first_name' }] },
      columns: ['status'],
    }),
  });
  await page.goto(`/rules/${rule.id}`);
  await page.getByRole('button', { name: 'Turn on', exact: true }).click();
  await expect(page.getByRole('radio', { name: /Run for them now/ })).toBeVisible();
  await expect(page.locator('[data-backtest-line="done"]')).toBeVisible({ timeout: 20_000 });
  await take(page, 'review');
});
