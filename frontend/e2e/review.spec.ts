/** Turning a rule on with trust: what it touches, what already matches, its limit, what is wrong with it. */
import { api, newRule, RULE, ruleOnLeads, saved } from './support/builder';
import { expect, expectAccessible, flip, own, sql, test } from './support/house';

const FAIR = 14;

/** Leads of one source nobody else's rule looks at. */
function addLeads(name: string, count: number): void {
  sql(`insert into leads (first_name, last_name, email, source, consent, status, attempts)
       select '${name} ' || n, 'Review', '${name}' || n || '@example.test', 'web', true, 'new', 0
       from generate_series(1, ${count}) n`);
}

const about = (name: string) =>
  ruleOnLeads({
    name: `Welcome ${name}`,
    logic: { starts_with: [{ var: 'after.first_name' }, `${name} `] },
    title: { cat: ['Welcome, ', { var: 'after.first_name' }] },
    columns: ['first_name'],
  });

const runsOf = async (page: Parameters<typeof api>[0], id: number, state: string) =>
  (await api(page, 'GET', `/runs?rule_id=${id}&state=${state}&limit=100`)).items.length;

test('records that already match are counted, shown, and run for once', async ({ page }) => {
  const fair = own('Fair');
  addLeads(fair, FAIR);
  const id = await newRule(page, about(fair));
  await page.getByRole('button', { name: 'Turn on' }).click();
  const review = page.getByRole('dialog');
  const asked = review.getByRole('radiogroup', { name: `What about the ${FAIR} leads that already match?` });
  await expect(asked).toBeVisible({ timeout: 15_000 });
  await expect(review.locator('[data-sample]')).toHaveText(new RegExp(`${fair} 1 Review.*and 9 others`));
  await expect(review.getByRole('radio', { name: 'Only new changes' })).toBeChecked();
  await expectAccessible(page, '[role="dialog"]');
  await review.getByRole('radio', { name: 'Run for them now' }).check();
  await review.getByRole('button', { name: 'Turn on' }).click();
  await expect(page.getByText('On · version 1')).toBeVisible();
  const note = page.locator('[data-catch-up="finished"]');
  await expect(note).toContainText(`Run for ${FAIR} records that already matched.`, { timeout: 20_000 });
  await expect.poll(() => runsOf(page, id, 'succeeded'), { timeout: 20_000 }).toBe(FAIR);
  await expectAccessible(page);

  await page.getByRole('button', { name: /Notifications/ }).click();
  await expect(page.getByText(`“Welcome ${fair}” was run for records that already matched`)).toBeVisible();
  await page.keyboard.press('Escape');
  await page.goto(`/runs?rule=${id}`);
  await page.locator('[data-cell="time"] a').first().click();
  await expect(
    page.getByText('Started for a record that already matched when the rule was turned on'),
  ).toBeVisible();
  await api(page, 'POST', `/rules/${id}/disable`);
});

test('the same review stands in the list of rules, and only new changes start it', async ({ page }) => {
  const list = own('List');
  addLeads(list, 3);
  const rule = await api(page, 'POST', '/rules', { document: about(list) });
  await page.goto('/rules');
  const power = page.getByRole('row', { name: `Welcome ${list}` }).getByRole('switch');
  await flip(power);
  const review = page.getByRole('dialog');
  await expect(review).toContainText('Notifies people in Ruleyard');
  await expect(review.locator('[data-backtest-line="done"]')).toContainText('would not have run', {
    timeout: 20_000,
  });
  await expect(review).toContainText('What about the 3 leads that already match?');
  await review.getByRole('button', { name: 'Set a number' }).click();
  await review.getByRole('textbox', { name: 'Runs an hour' }).fill('25');
  await expectAccessible(page, '[role="dialog"]');
  await review.getByRole('button', { name: 'Turn on' }).click();
  await expect(power).toBeChecked();
  const now = await api(page, 'GET', `/rules/${rule.id}`);
  expect([now.live.version, now.live.document.policy]).toEqual([1, { limit: 25 }]);
  expect((await api(page, 'GET', `/catch-ups?rule_id=${rule.id}`)).items).toEqual([]);

  await api(page, 'POST', `/rules/${rule.id}/disable`);
  await page.reload();
  await flip(power);
  await review.getByRole('radio', { name: 'Run for them now' }).check();
  await review.getByRole('button', { name: 'Turn on' }).click();
  await expect.poll(() => runsOf(page, rule.id, 'succeeded'), { timeout: 20_000 }).toBe(3);
  expect((await api(page, 'GET', `/rules/${rule.id}`)).versions_count).toBe(1);
  await api(page, 'POST', `/rules/${rule.id}/disable`);
});

test('a rule that asks for a value from before says so and asks nothing', async ({ page }) => {
  await newRule(page, {
    ...ruleOnLeads({
      name: 'From New to Won',
      logic: {
        and: [{ '===': [{ var: 'before.status' }, 'new'] }, { '===': [{ var: 'after.status' }, 'won'] }],
      },
      title: 'Won',
      columns: ['status'],
    }),
  });
  await page.getByRole('button', { name: 'Turn on' }).click();
  const review = page.getByRole('dialog');
  await expect(review).toContainText('this rule asks for a value from before a change');
  await expect(review.getByRole('radiogroup')).toHaveCount(0);
  await expect(review.getByRole('button', { name: 'Turn on' })).toBeEnabled();
});

test('the limit is a line to edit, and a rule that could start itself is told of', async ({ page }) => {
  const update = {
    id: 'n',
    kind: 'action',
    do: 'update_record',
    fields: {
      connection: 'crm',
      table: 'public.leads',
      set: { attempts: { '+': [{ var: 'after.attempts' }, 1] } },
    },
  };
  const [trigger = {}] = RULE.nodes;
  const id = await newRule(page, {
    ...RULE,
    name: 'Counts itself',
    nodes: [{ ...trigger, columns: ['attempts'] }, update],
    edges: [['t', 'n']],
  });
  await page.getByRole('button', { name: 'Turn on' }).click();
  const review = page.getByRole('dialog');
  await expect(review).toContainText(
    'This rule changes Attempts of Leads, and starts when that changes. It could start itself; we stop after 8 rounds.',
  );
  await review.getByRole('button', { name: 'Set a number' }).click();
  const line = review.locator('[data-limit="number"]');
  await expect(line).toContainText(/Stop and tell me if it runs more than\s+times an hour/);
  await line.getByRole('textbox', { name: 'Runs an hour' }).fill('40');
  await review.getByRole('button', { name: 'Cancel' }).click();
  await saved(page);
  expect((await api(page, 'GET', `/rules/${id}`)).draft.document.policy).toEqual({ limit: 40 });
});

test('what needs attention is linked to its field, from the list, too', async ({ page }) => {
  await api(page, 'POST', '/rules', {
    document: {
      ...RULE,
      name: 'Not done yet',
      nodes: RULE.nodes.map((node) =>
        'do' in node ? { ...node, fields: { to: 'everyone', title: { var: 'after.frist_name' } } } : node,
      ),
    },
  });
  await page.goto('/rules');
  await flip(page.getByRole('row', { name: /Not done yet/ }).getByRole('switch'));
  const review = page.getByRole('dialog');
  await expect(review.getByRole('alert')).toContainText('1 step needs attention');
  await expect(review.getByRole('button', { name: 'Turn on' })).toHaveCount(0);
  await review.getByRole('alert').getByRole('link').first().click();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
});
