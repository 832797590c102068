/** Runs that need somebody: skipped because the record was busy, failed in numbers, of unknown outcome. */
import { createServer } from 'node:net';
import { api, card, newRule, RULE, saved } from './support/builder';
import { expect, expectAccessible, sql, test } from './support/house';

const NOTIFY = { id: 'n', kind: 'action', do: 'notify', fields: { to: 'everyone', title: 'Care' } };
const TRIGGER = RULE.nodes[0] ?? {};
/** What workers do while others are busy, too. */
const SOON = { timeout: 20_000 };

async function publish(page: import('@playwright/test').Page, document: object): Promise<number> {
  const rule = await api(page, 'POST', '/rules', { document });
  await api(page, 'POST', `/rules/${rule.id}/publish`, { etag: rule.draft.etag });
  return rule.id;
}

const touch = (times: number) =>
  sql(Array(times).fill('update leads set attempts = attempts + 1 where id = 1;').join('\n'));

async function runsOf(page: import('@playwright/test').Page, rule: number, state: string) {
  return (await api(page, 'GET', `/runs?rule_id=${rule}&state=${state}&limit=100`)).items;
}

async function turnOff(page: import('@playwright/test').Page, rule: number): Promise<void> {
  await api(page, 'POST', `/rules/${rule}/disable`);
}

test('a rule may skip what comes while it is busy, and the run says which run was in the way', async ({
  page,
}) => {
  await newRule(page, { ...RULE, name: 'One at a time', nodes: [TRIGGER, NOTIFY], edges: [['t', 'n']] });
  await card(page, 't').click();
  await page.getByRole('combobox', { name: 'If this rule is still busy with the same record' }).click();
  await page.getByRole('option', { name: 'Skip the new run' }).click();
  await saved(page);

  const rule = await publish(page, {
    ...RULE,
    name: 'Busy for an hour',
    nodes: [TRIGGER, { id: 'w', kind: 'wait', amount: 1, unit: 'hours' }, NOTIFY],
    edges: [
      ['t', 'w'],
      ['w', 'n'],
    ],
    policy: { overlap: 'skip' },
  });
  touch(1);
  await expect.poll(async () => (await runsOf(page, rule, 'waiting')).length, SOON).toBe(1);
  touch(1);
  await expect.poll(async () => (await runsOf(page, rule, 'skipped')).length, SOON).toBe(1);
  const [first] = await runsOf(page, rule, 'waiting');
  const [skipped] = await runsOf(page, rule, 'skipped');
  await page.goto(`/runs/${skipped.id}`);
  await expect(page.locator('[data-fault]')).toHaveText(
    `Run ${first.id} of this rule was still busy with the same record.`,
  );
  await api(page, 'POST', `/runs/${first.id}/cancel`);
  await turnOff(page, rule);
});

test('everything that failed is looked at first, then retried in the background', async ({ page }) => {
  const rule = await publish(page, {
    ...RULE,
    name: 'Calls a closed door',
    nodes: [TRIGGER, { id: 'h', kind: 'action', do: 'call_webhook', fields: { url: 'http://127.0.0.1:1/' } }],
    edges: [['t', 'h']],
    policy: { on_error: 'stop', overlap: 'parallel' },
  });
  touch(3);
  await expect.poll(async () => (await runsOf(page, rule, 'failed')).length, SOON).toBe(3);
  await turnOff(page, rule);
  await page.goto(`/runs?rule=${rule}&state=failed`);
  await page.getByRole('button', { name: 'Retry all that failed…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('3 failed runs would go on from the step that failed:');
  await expect(dialog.locator('[data-groups]')).toHaveText('Calls a closed door: 3 runs');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Retry 3 runs' }).click();
  await expect(dialog.getByRole('status')).toHaveText('3 runs started again');
});

test('a mail that nobody knows about is settled by somebody', async ({ page }) => {
  // A mail server that hangs up after it was given the text.
  const server = createServer((socket) => {
    socket.write('220 here\r\n');
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      const said = bytes.toString();
      if (/^EHLO/i.test(said)) socket.write('250 here\r\n');
      else if (/^DATA/i.test(said)) socket.write('354 go on\r\n');
      else if (/^(MAIL|RCPT)/i.test(said)) socket.write('250 ok\r\n');
      else socket.destroy();
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const at = server.address();
  const port = typeof at === 'object' && at !== null ? at.port : 0;
  try {
    const connection = await api(page, 'POST', '/connections', {
      kind: 'smtp',
      name: `hangs_up_${port}`,
      settings: { host: '127.0.0.1', port, security: 'none', from: 'rules@example.com' },
    });
    const rule = await publish(page, {
      ...RULE,
      name: 'Mails into the unknown',
      nodes: [
        TRIGGER,
        {
          id: 'm',
          kind: 'action',
          do: 'send_email',
          fields: { to: 'ann@example.com', subject: 'Hi', body: 'Hello', connection: connection.name },
        },
        NOTIFY,
      ],
      edges: [
        ['t', 'm'],
        ['m', 'n'],
      ],
    });
    touch(1);
    await expect.poll(async () => (await runsOf(page, rule, 'failed')).length, SOON).toBe(1);
    await turnOff(page, rule);
    await page.goto(`/runs?rule=${rule}`);
    await page.getByRole('combobox', { name: 'Result' }).click();
    await page.getByRole('option', { name: 'Unknown outcome' }).click();
    await page
      .getByRole('link')
      .filter({ has: page.locator('time') })
      .first()
      .click();
    const box = page.getByRole('region', { name: 'Nobody knows whether this mail went out' });
    await expect(box).toBeVisible();
    await expectAccessible(page);
    await box.getByRole('button', { name: 'It arrived: go on' }).click();
    await expect.poll(async () => (await runsOf(page, rule, 'succeeded')).length, SOON).toBe(1);
    await expect(page.locator('[data-run-state="succeeded"]')).toBeVisible();
    await expect(box).toHaveCount(0);
  } finally {
    server.close();
  }
});
