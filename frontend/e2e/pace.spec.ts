/** A rule that goes slowly: set in its start, told in its review, and what waits is seen, let go on and cancelled. */
import { api, card, newRule, RULE, saved } from './support/builder';
import { expect, expectAccessible, sql, test } from './support/house';

const NOTIFY = { id: 'n', kind: 'action', do: 'notify', fields: { to: 'everyone', title: 'Slowly' } };
const TRIGGER = RULE.nodes[0] ?? {};

test('a pace is set, and what waits for it is let go on or cancelled', async ({ page }) => {
  test.setTimeout(90_000);
  const id = await newRule(page, {
    ...RULE,
    name: 'Goes slowly',
    nodes: [TRIGGER, NOTIFY],
    edges: [['t', 'n']],
    policy: { overlap: 'parallel' },
  });
  await card(page, 't').click();
  await page.getByRole('switch', { name: 'Let only so many begin at a time' }).click();
  await page.getByRole('textbox', { name: 'At most' }).fill('2');
  await expect(page.getByText('120 at once would take about 60 minutes.')).toBeVisible();
  await page.getByRole('combobox', { name: 'In any' }).click();
  await page.getByRole('option', { name: 'hour' }).click();
  await saved(page);
  const rule = await api(page, 'GET', `/rules/${id}`);
  expect(rule.draft.document.policy).toEqual({ overlap: 'parallel', pace: { at_most: 2, per: 'hour' } });

  await api(page, 'POST', `/rules/${id}/publish`, { etag: rule.draft.etag });
  sql(Array(6).fill('update leads set attempts = attempts + 1 where id = 1;').join('\n'));
  const waiting = async () => (await api(page, 'GET', `/rules/${id}/waiting`)).count;
  await expect.poll(waiting, { timeout: 15_000 }).toBe(4);

  await page.goto(`/rules/${id}`);
  const note = page.locator('[data-waiting]');
  await expect(note).toContainText('4 runs wait for their turn');
  await note.getByRole('button', { name: 'Show them' }).click();
  await expectAccessible(page);
  await note
    .getByRole('button', { name: /^Let run \d+ begin now$/ })
    .first()
    .click();
  await expect(note).toContainText('3 runs wait for their turn', { timeout: 10_000 });
  await note.getByRole('button', { name: 'Cancel all' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('3 notifications at most');
  await dialog.getByRole('button', { name: 'Cancel 3' }).click();
  await expect(page.getByText('3 runs are being cancelled')).toBeVisible();
  await expect(note).toBeHidden({ timeout: 15_000 });
  await expect
    .poll(async () => (await api(page, 'GET', `/runs?rule_id=${id}&state=succeeded`)).items.length, {
      timeout: 15_000,
    })
    .toBe(3);
});
