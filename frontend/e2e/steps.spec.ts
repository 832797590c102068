import { api, card, newRule, RULE, ruleOnLeads, saved } from './support/builder';
import { expect, expectAccessible, expectContrast, sql, test } from './support/house';

const said = '[data-builder] > [role="status"]';

test('a step is switched off and noted by keyboard, and the run passes it over', async ({ page }) => {
  const rule = ruleOnLeads({
    name: 'With a step off',
    logic: { '===': [{ var: 'after.status' }, 'won'] },
    title: 'First',
  });
  rule.nodes.push({ id: 'm', kind: 'action', do: 'notify', fields: { to: 'everyone', title: 'Second' } });
  rule.edges.push(['n', 'm']);
  const id = await newRule(page, rule);
  await card(page, 'n').getByRole('button').first().focus();
  await page.keyboard.press('Enter');
  await card(page, 'n').getByRole('button').first().focus();
  await page.keyboard.press('o');
  await expect(card(page, 'n')).toHaveAttribute('data-off');
  await expect(card(page, 'n').getByText('Off', { exact: true })).toBeVisible();
  await expect(page.locator(said)).toContainText('switched off: the rule passes it over');
  await expect(page.locator('[data-phrase="n"]')).toHaveCount(0);
  await expect(page.locator('[data-phrase="m"]')).toBeVisible();
  await expect(page.locator('[data-off-note]')).toContainText('as if it were not there');
  await page.keyboard.press('Control+z');
  await expect(card(page, 'n')).not.toHaveAttribute('data-off');
  await page.keyboard.press('o');

  await page.keyboard.press('m');
  await expect(page.getByRole('textbox', { name: 'Note' })).toBeFocused();
  await page.keyboard.type('Off until the campaign starts');
  await expect(card(page, 'n').locator('[data-note]')).toHaveAttribute(
    'title',
    'Off until the campaign starts',
  );
  await saved(page);
  await page.reload();
  await expect(card(page, 'n').locator('[data-note]')).toContainText('Off until the campaign');
  await expectAccessible(page);
  await expectContrast(page, '[data-card="n"]');

  const draft = await api(page, 'GET', `/rules/${id}`);
  expect(draft.draft.document.nodes[2]).toMatchObject({ off: true, note: 'Off until the campaign starts' });
  await page.getByRole('button', { name: 'Turn on' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Turn on' }).click();
  await expect(page.getByText('On · version 1')).toBeVisible();
  sql(`insert into leads (first_name, last_name, email, source, consent, status, attempts)
       values ('Off', 'Step', 'off.step@example.test', 'web', true, 'new', 4)`);
  sql("update leads set status = 'won' where email = 'off.step@example.test'");
  const runs = async () => (await api(page, 'GET', `/runs?rule_id=${id}&state=succeeded`)).items;
  await expect.poll(async () => (await runs()).length, { timeout: 15_000 }).toBe(1);
  const [run] = await runs();
  await page.goto(`/runs/${run.id}`);
  await expect(card(page, 'n')).toHaveAttribute('data-paint', 'skipped');
  await expect(card(page, 'n')).toContainText('Switched off');
  await expect(card(page, 'm')).toHaveAttribute('data-paint', 'done');
  await expect(page.locator('[data-story="n"]')).toContainText(
    'This step is switched off, so it was passed over.',
  );
  await api(page, 'POST', `/rules/${id}/disable`);
});

test('an If that is off goes on with its Yes side, from the menu, in the list too', async ({ page }) => {
  await newRule(page, { ...RULE, name: 'If off' });
  await page.keyboard.press('l');
  await card(page, 'c').getByRole('button', { name: 'What to do with this step' }).click();
  await page.getByRole('menuitem', { name: 'Switch off' }).click();
  await expect(card(page, 'c')).toHaveAttribute('data-off');
  await expect(page.locator(said)).toContainText('the rule goes on with its Yes side');
  await expect(page.locator('[data-phrase="c"]')).toHaveCount(0);
  await card(page, 'c').getByRole('button').first().click();
  await expect(page.locator('[data-off-note]')).toContainText('the No side never happens');
  await page.locator('[data-off-note]').getByRole('button', { name: 'Switch on' }).click();
  await expect(card(page, 'c')).not.toHaveAttribute('data-off');
  await expect(page.locator('[data-phrase="c"]')).toBeVisible();
});
