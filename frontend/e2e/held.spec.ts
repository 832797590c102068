/** A rule that runs more often than its limit: it holds, says so everywhere, and a person decides and takes it back. */
import { api, card, newRule, RULE, saved } from './support/builder';
import { expect, expectAccessible, own, sql, test } from './support/house';

const NOTIFY = { id: 'n', kind: 'action', do: 'notify', fields: { to: 'everyone', title: 'Held' } };
const TRIGGER = RULE.nodes[0] ?? {};

test('the author limits a rule in its start', async ({ page }) => {
  const id = await newRule(page, {
    ...RULE,
    name: 'Limited',
    nodes: [TRIGGER, NOTIFY],
    edges: [['t', 'n']],
  });
  await card(page, 't').click();
  await page.getByRole('combobox', { name: 'If it runs far more often than usual' }).click();
  await page.getByRole('option', { name: 'Hold after a number of runs an hour' }).click();
  await page.getByRole('textbox', { name: 'Runs an hour' }).fill('50');
  await saved(page);
  const rule = await api(page, 'GET', `/rules/${id}`);
  expect(rule.draft.document.policy).toEqual({ limit: 50 });
});

test('what is beyond the limit is held, cancelled, taken back and let run', async ({ page }) => {
  test.setTimeout(90_000);
  const name = own('Tells too often');
  const rule = await api(page, 'POST', '/rules', {
    document: {
      ...RULE,
      name,
      nodes: [TRIGGER, NOTIFY],
      edges: [['t', 'n']],
      policy: { limit: 2, overlap: 'parallel' },
    },
  });
  await api(page, 'POST', `/rules/${rule.id}/publish`, { etag: rule.draft.etag });
  sql(Array(7).fill('update leads set attempts = attempts + 1 where id = 1;').join('\n'));
  const held = async () => (await api(page, 'GET', `/rules/${rule.id}/held`)).held;
  await expect.poll(held, { timeout: 20_000 }).toBe(5);

  await page.goto('/rules');
  const row = page.getByRole('row', { name });
  await expect(row).toContainText('Holding 5 runs');
  await page.getByRole('button', { name: /Notifications/ }).click();
  await expect(page.getByText(`“${name}” holds its runs`)).toHaveCount(1);
  await page.keyboard.press('Escape');
  await row.getByRole('link', { name: 'Holding 5 runs' }).click();
  await expect(page.locator('[data-cell="result"]')).toHaveCount(5);
  await expect(page.locator('[data-cell="result"]').first()).toContainText('Held');

  await page.goto('/dashboard');
  await expect(page.getByText(new RegExp(`${name}.* holds 5 runs until somebody decides`))).toBeVisible();

  await page.goto(`/rules/${rule.id}`);
  const note = page.locator('[data-held]');
  await expect(note).toContainText('This rule holds 5 runs');
  await expect(note).toContainText('5 notifications at most');
  await expectAccessible(page);
  await note.getByRole('button', { name: 'Cancel them…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel 5 runs' }).click();
  const after = page.locator('[data-held-after]');
  await expect(after).toContainText('5 held runs were cancelled', { timeout: 10_000 });
  await after.getByRole('button', { name: 'Undo: hold them again' }).click();
  await expect(note).toContainText('This rule holds 5 runs', { timeout: 10_000 });

  await note.getByRole('button', { name: 'Let them run…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Let 5 runs go on' }).click();
  await expect(after).toContainText('5 held runs were let run', { timeout: 10_000 });
  await expect
    .poll(async () => (await api(page, 'GET', `/runs?rule_id=${rule.id}&state=succeeded`)).items.length, {
      timeout: 15_000,
    })
    .toBe(7);
  await api(page, 'POST', `/rules/${rule.id}/disable`);
});
