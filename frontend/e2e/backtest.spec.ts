import type { Page } from '@playwright/test';
import { api, card, newRule, RULE } from './support/builder';
import { expect, expectAccessible, own, sql, test } from './support/house';

/** A history of its own: 24 leads asked for a call after many attempts, 13 after one, 9 were only contacted. */
const history = () => `
  insert into leads (first_name, last_name, email, source, city, consent, status, attempts)
  select '${own('Past')}', 'Lead ' || n, 'past' || n || '@example.test', 'partner', '${own('Pastville')}', true, 'new', case when n <= 24 then 4 else 1 end
  from generate_series(1, 46) n;
  update leads set status = 'callback' where first_name = '${own('Past')}' and substr(last_name, 6)::int <= 37;
  update leads set status = 'contacted' where first_name = '${own('Past')}' and status = 'new';
`;

/** Leads of other tests, and of other repetitions, miss it by more than one condition, so that they change no figure here. */
const toCallback = () => ({
  and: [
    { '===': [{ var: 'after.first_name' }, own('Past')] },
    { '===': [{ var: 'after.source' }, 'partner'] },
    { '===': [{ var: 'after.city' }, own('Pastville')] },
    { '===': [{ var: 'after.status' }, 'callback'] },
  ],
});
const OFTEN = { '>=': [{ var: 'after.attempts' }, 3] };

function mailRule(name: string, logic: object) {
  return {
    ...RULE,
    name,
    nodes: [
      { ...RULE.nodes[0], columns: ['status'] },
      { id: 'c', kind: 'condition', logic },
      {
        id: 'm',
        kind: 'action',
        do: 'send_email',
        fields: {
          connection: 'mail',
          to: { var: 'after.email' },
          subject: { cat: ['Hello ', { var: 'after.last_name' }] },
          body: 'We call you.',
        },
      },
    ],
    edges: [
      ['t', 'c'],
      ['c', 'm', 'yes'],
    ],
  };
}

const panel = (page: Page) => page.locator('[data-backtest]');
const done = (page: Page) => panel(page).locator('[data-summary="succeeded"]');

async function tryOnPast(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Try on past changes' }).click();
  await expect(done(page)).toBeVisible();
}

async function changesOfLeads(page: Page): Promise<number> {
  const started = await api(page, 'POST', '/backtests', {
    document: { ...mailRule('Count', { '!': [false] }) },
    days: 7,
  });
  const read = async () => await api(page, 'GET', `/backtests/${started.id}`);
  await expect.poll(async () => (await read()).state).toBe('succeeded');
  return (await read()).result.listened;
}

test.describe.configure({ mode: 'serial' });

test('the figures of a back-test are those of the history', async ({ page }) => {
  sql(history());
  const all = await changesOfLeads(page);
  const logic = { and: [...toCallback().and, OFTEN] };
  await newRule(page, mailRule('Past mails', logic));
  await tryOnPast(page);
  await expect(panel(page)).toContainText('Nothing is sent and nothing is changed.');
  await expect(done(page)).toContainText('This rule would have run 24 times in the last 7 days');
  await expect(done(page)).toContainText(`out of ${all.toLocaleString('en')} changes of Leads`);
  await expect(done(page)).toContainText('It would have sent 24 emails.');
  await expect(done(page)).toContainText('We have kept changes since');
  await expect(
    page.getByRole('status').filter({ hasText: 'Finished. This rule would have run 24' }),
  ).toBeAttached();
  await expectAccessible(page);
  await expect(panel(page).locator('[data-match]')).toHaveCount(20);
  await panel(page).getByRole('button', { name: 'Show more' }).click();
  await expect(panel(page).locator('[data-match]')).toHaveCount(24);
});

test('each change shows its way on the steps, and what came near says what was missing', async ({ page }) => {
  await newRule(page, mailRule('Past ways', { and: [...toCallback().and, OFTEN] }));
  await tryOnPast(page);
  const first = panel(page).locator('[data-match]').first();
  await expect(first).toContainText('Attempts: 4');
  await first.getByRole('button', { name: /Show on canvas/ }).click();
  await expect(card(page, 'm')).toHaveAttribute('data-paint', 'done');
  await expect(page.locator('[data-line="c:yes:0"]')).toHaveAttribute('data-state', 'taken');
  await expect(first.locator('[data-result="m"]')).toContainText('Subject: Hello Lead');

  await panel(page).getByRole('tab', { name: 'Nearly matched (13)' }).click();
  const near = panel(page).locator('[data-near]');
  await expect(near).toContainText('Attempts is at least 313 times');
  const missed = panel(page)
    .locator('[data-match]')
    .filter({ hasText: 'Needed: Attempts is at least 3. It was: 1.' })
    .first();
  await missed.getByRole('button', { name: /Show on canvas/ }).click();
  await expect(card(page, 'm')).toHaveAttribute('data-paint', 'off');

  await panel(page)
    .getByRole('tab', { name: /^Did not start/ })
    .click();
  await expect(panel(page).locator('[data-match]').first()).toContainText('Needed:');
});

test('a step that is chosen takes the place, and coming back shows the same result', async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem('mantine-color-scheme-value', 'dark'));
  await newRule(page, mailRule('Past again', { and: [...toCallback().and, OFTEN] }));
  await tryOnPast(page);
  await panel(page)
    .getByRole('button', { name: /Show on canvas/ })
    .first()
    .click();
  await expect(card(page, 'm')).toHaveAttribute('data-paint', 'done');
  await expectAccessible(page);
  await card(page, 'c').getByRole('button').first().click();
  await expect(panel(page)).toBeHidden();
  await expect(card(page, 'm')).not.toHaveAttribute('data-paint', 'done');
  let asked = 0;
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/backtests')) asked += 1;
  });
  await tryOnPast(page);
  await expect(done(page)).toContainText('24 times');
  expect(asked).toBe(0);
});

test('a draft is compared with the version that is on, before it goes live', async ({ page }) => {
  const id = await newRule(page, mailRule('Compared', { and: [...toCallback().and, OFTEN] }));
  const rule = await api(page, 'GET', `/rules/${id}`);
  await api(page, 'POST', `/rules/${id}/publish`, { etag: rule.draft.etag });
  const live = await api(page, 'GET', `/rules/${id}`);
  const seldom = { and: [...toCallback().and, { '<': [{ var: 'after.attempts' }, 3] }] };
  await api(
    page,
    'PUT',
    `/rules/${id}/draft`,
    { document: mailRule('Compared', seldom) },
    { 'If-Match': live.draft.etag },
  );
  await page.reload();
  await page.getByRole('button', { name: 'Publish' }).click();
  const dialog = page.getByRole('dialog');
  const line = dialog.locator('[data-backtest-line="done"]');
  await expect(line).toContainText('In the last 7 days it would have run 13 times.');
  await expectAccessible(page);
  await line.getByRole('button', { name: 'See' }).click();
  await expect(dialog).toBeHidden();
  await expect(done(page)).toContainText('Compared with version 1, which is on');
  await expect(done(page)).toContainText('13 runs more');
  await expect(done(page)).toContainText('24 runs fewer');
  await panel(page).getByRole('tab', { name: 'New (13)' }).click();
  await expect(panel(page).locator('[data-match]')).toHaveCount(13);
  await panel(page).getByRole('tab', { name: 'Lost (24)' }).click();
  await expect(panel(page).locator('[data-match]').first()).toContainText(
    'Needed: Attempts is less than 3. It was: 4.',
  );
});

test('a draft that runs for the same changes, by other steps, says who would get nothing', async ({
  page,
}) => {
  const parted = (limit: number) => {
    const rule = mailRule('Otherwise', { and: toCallback().and });
    const often = { id: 'o', kind: 'condition', logic: { '>=': [{ var: 'after.attempts' }, limit] } };
    const tell = { id: 'n', kind: 'action', do: 'notify', fields: { to: 'everyone', title: 'Look' } };
    return {
      ...rule,
      nodes: [...rule.nodes, often, tell],
      edges: [
        ['t', 'c'],
        ['c', 'o', 'yes'],
        ['o', 'm', 'yes'],
        ['o', 'n', 'no'],
      ],
    };
  };
  const id = await newRule(page, parted(1));
  const rule = await api(page, 'GET', `/rules/${id}`);
  await api(page, 'POST', `/rules/${id}/publish`, { etag: rule.draft.etag });
  const live = await api(page, 'GET', `/rules/${id}`);
  await api(page, 'PUT', `/rules/${id}/draft`, { document: parted(3) }, { 'If-Match': live.draft.etag });
  await page.reload();
  await tryOnPast(page);
  const compared = panel(page).locator('[data-compared]');
  await expect(compared).toContainText('13 runs would have taken other steps than in version 1.');
  await expect(compared).toContainText('13 changes for which version 1 sends an email would get none.');
  await expectAccessible(page);
  await compared.getByRole('link', { name: 'See which changes' }).click();
  await expect(page.getByText('Decided differently so far')).toBeVisible();
});

test('a rule that no change starts says what to do instead', async ({ page }) => {
  await newRule(page, {
    ...RULE,
    name: 'By hand',
    nodes: [
      { id: 't', kind: 'trigger', on: 'manual' },
      { ...RULE.nodes[2], fields: { to: 'everyone', title: 'Hi' } },
    ],
    edges: [['t', 'n']],
  });
  await page.getByRole('button', { name: 'Try on past changes' }).click();
  await expect(panel(page).getByText('There are no past changes to try it on')).toBeVisible();
  await panel(page).getByRole('button', { name: 'Run the test' }).click();
  await expect(panel(page)).toBeHidden();
});

/** A sum that takes long: one judgement of it takes tens of milliseconds. */
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const SLOW = {
  reduce: [
    numbers(100),
    {
      '+': [
        { var: 'accumulator' },
        { reduce: [numbers(150), { '+': [{ var: 'accumulator' }, { var: 'current' }] }, { var: 'current' }] },
      ],
    },
    0,
  ],
};

test('a long search shows how far it is and is cancelled', async ({ page }) => {
  sql(`insert into leads (first_name, last_name, source, consent, status)
       select 'Slow', 'Lead ' || n, 'partner', false, 'new' from generate_series(1, 100) n`);
  const logic = {
    and: [{ '<': [SLOW, { var: 'after.id' }] }, { '===': [{ var: 'after.first_name' }, 'Nobody'] }],
  };
  await newRule(page, {
    ...RULE,
    name: 'Slow',
    nodes: [
      { ...RULE.nodes[0], events: ['insert', 'update'] },
      { id: 'c', kind: 'condition', logic },
      { ...RULE.nodes[2], fields: { to: 'everyone', title: 'Slow' } },
    ],
  });
  await page.getByRole('button', { name: 'Try on past changes' }).click();
  const going = panel(page).locator('[data-going]');
  await expect(going).toContainText(/[1-9]\d* of \d+ changes read/);
  await going.getByRole('button', { name: 'Cancel' }).click();
  await expect(panel(page).locator('[data-summary="cancelled"]')).toContainText(
    /Cancelled: based on the newest [1-9]\d* of \d+ changes/,
  );
  await expect(going).toBeHidden();
});
