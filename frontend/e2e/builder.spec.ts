import type { Page, Route } from '@playwright/test';
import { api, card, carry, newRule, openNew, RULE, saved, slot } from './support/builder';
import { expect, expectAccessible, expectContrast, sql, test } from './support/house';

test('a rule is built by dragging, published, and its run is painted', async ({ page }) => {
  await openNew(page, 'Hello by drag');
  await page.getByRole('combobox', { name: 'What starts this rule?' }).click();
  await page.getByRole('option', { name: 'A field changes' }).click();
  await page.getByRole('combobox', { name: 'Records of' }).click();
  await page.getByRole('option', { name: 'Leads' }).click();
  await page.getByRole('combobox', { name: 'Which field' }).click();
  await page.getByRole('option', { name: 'Status' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('combobox', { name: 'Changes to' }).click();
  await page.getByRole('option', { name: 'Callback' }).click();
  await expect(page.locator('[data-phrase]').first()).toHaveText('a lead’s Status changes to Callback');

  await carry(page, page.locator('aside [data-kind="condition"]'), slot(page, 'c1:yes:0'));
  await page.getByRole('combobox', { name: 'Field', exact: true }).fill('Attempts');
  await page.getByRole('option', { name: 'Attempts', exact: true }).first().click();
  await page.getByRole('combobox', { name: 'Comparison' }).click();
  await page.getByRole('option', { name: 'is at least' }).click();
  await page.getByRole('textbox', { name: 'Value', exact: true }).fill('3');

  await carry(page, page.locator('aside [data-kind="send_email"]'), slot(page, 'c2:yes:0'));
  await page.getByRole('button', { name: /Email \{\{email\}\}/ }).click();
  await page.getByRole('textbox', { name: 'Subject' }).fill('We tried, {{fir');
  await page.getByRole('option', { name: 'First name' }).first().click();
  await expect(page.getByRole('textbox', { name: 'Subject' })).toHaveValue('We tried, {{first_name}}');
  await page.getByRole('textbox', { name: 'Message' }).fill('When suits you?');
  await carry(page, page.locator('aside [data-kind="update_record"]'), slot(page, 'c2:no:0'));
  await page.getByRole('combobox', { name: 'Field', exact: true }).click();
  await page.getByRole('option', { name: 'Queue' }).click();
  await saved(page);

  await page.getByRole('button', { name: 'Turn on' }).click();
  const review = page.getByRole('dialog');
  await expect(review).toContainText('Sends emails');
  await expect(review).toContainText('Changes Queue in Leads');
  await review.getByLabel('Note for your colleagues').fill('First try');
  await review.getByRole('button', { name: 'Turn on' }).click();
  await expect(page.getByText('On · version 1')).toBeVisible();

  sql(`insert into leads (first_name, last_name, email, source, consent, status, attempts)
       values ('Grace', 'Hopper', 'grace@example.test', 'web', true, 'new', 4)`);
  sql("update leads set status = 'callback' where email = 'grace@example.test'");
  const id = Number(page.url().split('/').at(-1));
  await expect
    .poll(async () => (await api(page, 'GET', `/runs?rule_id=${id}&state=succeeded`)).items.length, {
      timeout: 15_000,
    })
    .toBe(1);
  const [run] = (await api(page, 'GET', `/runs?rule_id=${id}`)).items;
  await page.goto(`/runs/${run.id}`);
  await expect(card(page, 'c1')).toHaveAttribute('data-paint', 'done');
  await expect(card(page, 'a1')).toHaveAttribute('data-paint', 'done');
  await expect(card(page, 'a2')).toHaveAttribute('data-paint', 'off');
  await expect(page.locator('[data-line="c2:yes:0"]')).toHaveAttribute('data-state', 'taken');
  await expect(page.locator('[data-line="c2:no:0"]')).toHaveAttribute('data-state', 'pale');
  await expect(page.getByText('Status changed from New to Callback')).toBeVisible();
  await expect(page.getByText('Email sent to grace@example.test: “We tried, Grace”')).toBeVisible();
  await expectAccessible(page);
  await page.goto('/inbox');
  await expect(page.getByText('grace@example.test').first()).toBeVisible();
});

test('a click adds after the selected step, and + adds where it is', async ({ page }) => {
  await newRule(page, { ...RULE, name: 'By click' });
  await card(page, 'n').getByRole('button').first().click();
  await page.locator('aside [data-kind="wait"]').click();
  await expect(page.locator('[data-card]')).toHaveCount(4);
  await expect(card(page, 'w1')).toBeVisible();
  await slot(page, 'c:no:0').click();
  await page.getByRole('option', { name: /Notify a colleague/ }).click();
  await expect(card(page, 'a1')).toBeVisible();
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Not won');
  await expect(page.locator('[data-phrase="a1"]')).toContainText('notify everyone: “Not won”');
  await saved(page);
  await page.reload();
  await expect(page.locator('[data-phrase="a1"]')).toContainText('notify everyone: “Not won”');
});

test('the keyboard alone builds, moves, copies and removes', async ({ page }) => {
  await newRule(page, { ...RULE, name: 'By keys' });
  await card(page, 't').getByRole('button').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(card(page, 'n')).toHaveAttribute('data-selected', 'true');
  await expect(card(page, 'n').getByRole('button').first()).toBeFocused();
  await page.keyboard.press('n');
  await expect(page.getByRole('dialog').getByRole('combobox', { name: 'Search steps' })).toBeFocused();
  await page.keyboard.type('wait');
  await page.keyboard.press('Enter');
  await expect(card(page, 'w1')).toHaveAttribute('data-selected', 'true');
  await expect(page.getByRole('status').filter({ hasText: 'Wait added after' })).toHaveText(
    'Wait added after Notify a colleague, step 4 of 4',
  );
  await page.keyboard.press('Escape');
  await card(page, 'w1').getByRole('button').first().focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(() => order(page)).toEqual(['t', 'c', 'w1', 'n']);
  await page.keyboard.press('Control+d');
  await expect.poll(() => order(page)).toEqual(['t', 'c', 'w1', 'w2', 'n']);
  await card(page, 'w2').getByRole('button').first().focus();
  await page.keyboard.press('Delete');
  await expect.poll(() => order(page)).toEqual(['t', 'c', 'w1', 'n']);
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect.poll(() => order(page)).toEqual(['t', 'c', 'w1', 'w2', 'n']);
  await page.locator('body').press('?');
  await expect(page.getByRole('dialog', { name: 'Help' })).toBeVisible();
});

test('undo takes back one thing at a time, at once', async ({ page }) => {
  await newRule(page, { ...RULE, name: 'Undo me' });
  await page.locator('aside [data-kind="wait"]').click();
  await page.locator('aside [data-kind="notify"]').click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.locator('[data-card]')).toHaveCount(4);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.locator('[data-card]')).toHaveCount(3);
  await page.getByRole('button', { name: 'Redo' }).click();
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect(page.locator('[data-card]')).toHaveCount(5);
});

test('a step is carried to another branch, never into itself', async ({ page }) => {
  await newRule(page, { ...RULE, name: 'Move me' });
  await carry(page, card(page, 'n'), slot(page, 'c:no:0'));
  await expect(slot(page, 'c:no:1')).toBeVisible();
  await carry(page, card(page, 'c'), slot(page, 'c:no:0'));
  await expect(page.getByRole('status').filter({ hasText: 'into itself' })).toBeAttached();
  await saved(page);
  await page.reload();
  await expect(slot(page, 'c:no:1')).toBeVisible();
});

test('a test on a real record paints the way and shows what would be sent', async ({ page }) => {
  sql(`insert into leads (first_name, last_name, email, source, consent, status)
       values ('Ada', 'Tester', 'ada.tester@example.test', 'web', true, 'won')`);
  // The records come late: until then the server is not asked, which would refuse, and that would be on the console.
  const late = (route: Route) => setTimeout(() => void route.continue(), 1_500);
  await page.route('**/records?**', late, { times: 1 });
  await newRule(page, { ...RULE, name: 'Try me' });
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await page.getByRole('button', { name: /Try it with/ }).click();
  await page.getByRole('textbox', { name: 'Search records' }).fill('Ada');
  await page.getByRole('option', { name: /Ada/ }).first().click();
  await expect(page.getByText('The rule would run', { exact: true })).toBeVisible();
  await expect(card(page, 'n')).toHaveAttribute('data-paint', 'done');
  await expect(page.locator('[data-result="n"]')).toContainText('Ada was won');
  await page.locator('[data-what-if="after.status"]').getByRole('combobox').click();
  await page.getByRole('option', { name: 'Lost' }).click();
  await expect(page.getByText('The rule would not run')).toBeVisible();
  await expect(card(page, 'n')).toHaveAttribute('data-paint', 'off');
  await expectAccessible(page);
});

test('the JSON of a rule is applied, and a fault says its line', async ({ page }) => {
  await newRule(page, { ...RULE, name: 'As JSON' });
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Rule as JSON' }).click();
  const text = page.getByRole('textbox', { name: 'The whole rule as JSON' });
  await text.fill('{\n  "dialect": 1,\n  "nodes": oops }');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByRole('button', { name: /Line 3, column 12/ })).toBeVisible();
  // It is JSON, and no rule: the check is asked with the text in place, and its problems stand at their lines.
  await text.fill('{\n  "dialect": 1,\n  "nodes": [],\n  "colour": "red"\n}');
  await expect(page.getByRole('button', { name: /^Line 4: “colour” is not known/ })).toBeVisible();
  await expect(page.locator('.cm-lintRange-error').filter({ hasText: '"red"' })).toBeVisible();
  // The undo of the text is its own; the way out by keyboard is Escape, then Tab. What was typed is there again.
  await text.press('Control+z');
  await expect(text).not.toContainText('colour');
  await text.press('Control+y');
  await expect(text).toContainText('colour');
  await text.press('Tab');
  await expect(text).toBeFocused();
  await text.press('Escape');
  await text.press('Tab');
  await expect(text).not.toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Rule as JSON' }).click();
  await expect(text).toContainText('colour');
  await text.fill(JSON.stringify({ ...RULE, name: 'From JSON' }));
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByRole('textbox', { name: 'Name of the rule' })).toHaveValue('From JSON');
});

test('settings change in a graph that is no tree, and its ways stay', async ({ page }) => {
  const crossing = {
    ...RULE,
    name: 'Crossing',
    nodes: [
      ...RULE.nodes,
      { id: 'c2', kind: 'condition', logic: { '===': [{ var: 'after.source' }, 'web'] } },
      { id: 'm', kind: 'action', do: 'notify', fields: { to: 'everyone', title: 'Shared' } },
    ],
    edges: [
      ['t', 'c'],
      ['c', 'c2', 'yes'],
      ['c', 'm', 'no'],
      ['c2', 'm', 'yes'],
      ['c2', 'n', 'no'],
    ],
  };
  const id = await newRule(page, crossing);
  await expect(page.getByText('its ways cross')).toBeVisible();
  await expect(page.locator('[data-card]')).toHaveCount(5);
  await card(page, 'm').getByRole('button').first().click();
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Both');
  await saved(page);
  const rule = await api(page, 'GET', `/rules/${id}`);
  expect(rule.draft.document.edges).toEqual(crossing.edges);
});

test('a failed run says why and goes on from the step that failed', async ({ page }) => {
  const id = await newRule(page, {
    ...RULE,
    name: 'Fails first',
    nodes: [
      { id: 't', kind: 'trigger', on: 'manual', connection: 'crm', table: 'public.leads' },
      { id: 'h', kind: 'action', do: 'call_webhook', fields: { url: 'http://127.0.0.1:9/nobody' } },
      { id: 'n', kind: 'action', do: 'notify', fields: { to: 'everyone', title: 'after' } },
    ],
    edges: [
      ['t', 'h'],
      ['h', 'n'],
    ],
    policy: { overlap: 'queue', on_error: 'stop' },
  });
  const rule = await api(page, 'GET', `/rules/${id}`);
  await api(page, 'POST', `/rules/${id}/publish`, { etag: rule.draft.etag, enable: true, note: '' });
  await api(page, 'POST', `/rules/${id}/fire`, { key: { id: 1 }, note: '' });
  await expect
    .poll(async () => (await api(page, 'GET', `/runs?rule_id=${id}`)).items[0]?.state, { timeout: 20_000 })
    .toBe('failed');
  const [run] = (await api(page, 'GET', `/runs?rule_id=${id}`)).items;
  await page.goto(`/runs/${run.id}`);
  await expect(page.getByText('Failed at step 2')).toBeVisible();
  await expect(card(page, 'h')).toHaveAttribute('data-paint', 'failed');
  await expect(card(page, 'n')).toHaveAttribute('data-paint', 'missed');
  await expect(page.getByText('The webhook was not called')).toBeVisible();
  await expect(page.locator('[data-advice]')).toHaveText(
    /Retry as soon as the other side works again|Use a public/,
  );
  await page.getByRole('button', { name: 'Show technical details' }).first().click();
  await expect(page.locator('pre')).toContainText('attempts');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Retry from step 2' }).click();
  await expect(page.getByText('The run goes on from the step that failed')).toBeVisible();
});

async function openRescue(page: Page): Promise<void> {
  const rules = (await api(page, 'GET', '/rules?search=Rescue')).items;
  await page.goto(`/rules/${rules[0].id}`);
  await expect(page.locator('[data-card]').first()).toBeVisible();
}

const FORMS = [
  ['start', 'hard'],
  ['hand_over', 'mail'],
  ['tell', 'patience', 'task'],
] as const;

for (const forms of FORMS) {
  test(`the forms of ${forms.join(', ')} are accessible in both colours`, async ({ page }) => {
    await openRescue(page);
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const id of forms) {
        await page.locator(`[data-phrase="${id}"]`).click();
        await expect(page.getByRole('tab', { name: 'Setup' })).toBeVisible();
        if (colorScheme === 'light') await expectAccessible(page, '[data-panel]');
        else await expectContrast(page, '[data-panel]');
      }
    }
  });
}

test('the drawing and the list of steps are accessible in both colours', async ({ page }) => {
  await openRescue(page);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Show as a list' }).click();
  await expect(page.locator('[data-rule-list]')).toBeVisible();
  await expectAccessible(page, '[data-rule-list]');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectContrast(page, 'body');
  await page.getByRole('button', { name: 'Show as a drawing' }).click();
  await expect(page.locator('[data-rule-list]')).toHaveCount(0);
  await expectContrast(page, 'body');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });
  test('the rule is a list, and a step opens from below', async ({ page }) => {
    await newRule(page, { ...RULE, name: 'Small' });
    await expect(page.locator('[data-rule-list]')).toBeVisible();
    await card(page, 'n').getByRole('button').first().tap();
    await expect(page.getByRole('dialog')).toContainText('Notify a colleague');
    await expectAccessible(page);
  });
});

/** The steps as they are read, in the list view's order (the canvas draws only what is in sight). */
function order(page: Page): Promise<string[]> {
  return page.locator('[data-card]').evaluateAll((cards) =>
    cards
      .map((one) => ({ id: one.getAttribute('data-card') ?? '', top: one.getBoundingClientRect().top }))
      .sort((a, b) => a.top - b.top)
      .map((one) => one.id),
  );
}

test('what was typed last survives a reload before it was saved', async ({ page }) => {
  const id = await newRule(page, { ...RULE, name: 'Typed too late' });
  await page.getByLabel('Name of the rule').fill('Typed just in time');
  await page.reload();
  await expect(page.getByLabel('Name of the rule')).toHaveValue('Typed just in time');
  await expect(async () => {
    expect((await api(page, 'GET', `/rules/${id}`)).name).toBe('Typed just in time');
  }).toPass();
});

test('a new record asks for what it needs, and its values are typed at once', async ({ page }) => {
  await newRule(page, { ...RULE, name: 'Thank by task', nodes: RULE.nodes.slice(0, 1), edges: [] });
  await card(page, 't').click();
  await page.locator('[data-kind="create_record"]').click();
  await page.getByRole('combobox', { name: 'Create in' }).fill('task');
  await page.getByRole('option', { name: 'Tasks' }).click();
  await page.getByRole('button', { name: 'Title', exact: true }).click();
  const made = page.locator('[data-card]').filter({ hasText: 'Create a record' });
  await expect(made).toContainText('Enter a value');
  await page.keyboard.type('Thank {{first');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Set a field', exact: true }).click();
  await page.getByPlaceholder('Choose a field').fill('prio');
  await page.getByRole('option', { name: 'Priority' }).click();
  await expect(page.getByRole('region', { name: 'The rule as a sentence' })).toContainText(
    'create a task with Title: Thank {First name} and Priority: Low',
  );
});
