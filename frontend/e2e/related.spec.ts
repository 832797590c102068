import { api, card, newRule, RULE, saved } from './support/builder';
import { expect, expectAccessible, own, sql, test } from './support/house';

const RELATED = {
  ...RULE,
  name: 'Hear of senior wins',
  nodes: [
    RULE.nodes[0],
    RULE.nodes[1],
    { id: 'n', kind: 'action', do: 'notify', fields: { to: 'everyone', title: 'Won' } },
  ] as object[],
};

test('a field of a related record decides, in the test and in a run', async ({ page }) => {
  const email = `${own('mary')}@related.test`;
  sql(`insert into leads (first_name, last_name, email, source, status, owner_id) values
       ('Mary', 'Jackson', '${email}', 'web', 'new', (select min(id) from agents where team = 'senior'))`);
  const id = await newRule(page, RELATED);
  await card(page, 'c').getByRole('button').first().click();
  await page.getByRole('combobox', { name: 'Field', exact: true }).fill('Owner’s team');
  await page.getByRole('option', { name: 'Owner’s team' }).click();
  await page.getByRole('combobox', { name: 'Value', exact: true }).click();
  await page.getByRole('option', { name: 'Senior' }).click();
  await expect(page.locator('[data-phrase="c"]')).toHaveText('Owner’s team is Senior');
  await card(page, 'n').getByRole('button').first().click();
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Well done, {{owner’s na');
  await page.getByRole('option', { name: 'Owner’s name' }).click();
  await expect(page.getByRole('textbox', { name: 'Message', exact: true })).toHaveValue(
    'Well done, {{related.owner_id.name}}',
  );
  await saved(page);

  await card(page, 'c').getByRole('button').first().click();
  await page.getByRole('tab', { name: 'Test' }).click();
  await page.getByRole('button', { name: /Try it with/ }).click();
  await page.getByRole('textbox', { name: 'Search records' }).fill(email);
  await page.getByRole('option', { name: /Mary Jackson/ }).click();
  const team = page.locator('[data-what-if="related.owner_id.team"]');
  await expect(team.getByRole('combobox')).toHaveValue('Senior');
  await expect(page.getByText('The rule would run', { exact: true })).toBeVisible();
  await team.getByRole('combobox').click();
  await page.getByRole('option', { name: 'Inbound' }).click();
  await expect(page.getByText('The rule would not run')).toBeVisible();
  await page.getByRole('button', { name: 'As it is' }).click();
  await expect(page.getByText('The rule would run', { exact: true })).toBeVisible();
  await expectAccessible(page);

  const rule = await api(page, 'GET', `/rules/${id}`);
  await api(page, 'POST', `/rules/${id}/publish`, { etag: rule.draft.etag });
  sql(`update leads set status = 'won' where email = '${email}'`);
  await expect
    .poll(async () => (await api(page, 'GET', `/runs?rule_id=${id}&state=succeeded`)).items.length, {
      timeout: 15_000,
    })
    .toBe(1);
  const [run] = (await api(page, 'GET', `/runs?rule_id=${id}`)).items;
  expect((await api(page, 'GET', `/runs/${run.id}`)).related.records.owner_id.team).toBe('senior');
  await page.goto(`/runs/${run.id}`);
  await expect(card(page, 'n')).toHaveAttribute('data-paint', 'done');
  await card(page, 'c').getByRole('button').first().click();
  await expect(page.getByText('Owner’s team is Senior').first()).toBeVisible();
});
