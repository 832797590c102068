import { api, card, newRule, saved } from './support/builder';
import { expect, expectAccessible, own, test } from './support/house';

test('who calls is looked for, asked about, and greeted by name', async ({ page }) => {
  const empty = { and: [{ '===': [] }] };
  const id = await newRule(page, {
    dialect: 1,
    name: own('Who calls'),
    nodes: [
      { id: 't', kind: 'trigger', on: 'webhook', sample: { phone: '+82 10' } },
      {
        id: 'f',
        kind: 'action',
        do: 'find_record',
        fields: { connection: 'crm', table: '', where: empty },
      },
      { id: 'c', kind: 'condition', logic: empty },
      { id: 'n', kind: 'action', do: 'notify', fields: { to: 'everyone', title: '' } },
    ],
    edges: [
      ['t', 'f'],
      ['f', 'c'],
      ['c', 'n', 'yes'],
    ],
  });
  await card(page, 'f').getByRole('button').first().click();
  await page.getByRole('combobox', { name: 'Find in' }).click();
  await page.getByRole('option', { name: 'Leads' }).click();
  const row = page.locator('[data-row]').first();
  await row.getByRole('combobox', { name: 'Field', exact: true }).click();
  await page.getByRole('option', { name: 'Phone', exact: true }).click();
  await row.getByRole('combobox', { name: 'Compare with' }).click();
  await page.getByRole('option', { name: 'a field' }).click();
  await row.getByRole('combobox', { name: 'Other field' }).click();
  await page.getByRole('option', { name: 'Phone', exact: true }).click();
  await expect(page.getByText('Where Phone is the request’s Phone.')).toBeVisible();
  await page.getByRole('combobox', { name: 'If there are several' }).click();
  await page.getByRole('option', { name: 'Created at' }).click();
  await expect(page.getByRole('combobox', { name: 'Direction' })).toHaveValue('Newest first');
  await expectAccessible(page, 'aside');

  await card(page, 'c').getByRole('button').first().click();
  await page.getByRole('combobox', { name: 'Field', exact: true }).click();
  await page.getByRole('option', { name: /Found\?/ }).click();
  await page.getByRole('combobox', { name: 'Value' }).click();
  await page.getByRole('option', { name: 'yes' }).click();
  await card(page, 'n').getByRole('button').first().click();
  await page.getByRole('textbox', { name: 'Message' }).fill('Hello {{first');
  await page.getByRole('option', { name: /First name/ }).click();
  await saved(page);

  const { draft } = await api(page, 'GET', `/rules/${id}`);
  const [, f, c, n] = draft.document.nodes;
  expect(f.fields).toEqual({
    connection: 'crm',
    table: 'public.leads',
    where: { and: [{ '===': [{ var: 'record.phone' }, { var: 'after.phone' }] }] },
    order: { column: 'created_at', direction: 'desc' },
  });
  expect(c.logic).toEqual({ and: [{ '===': [{ var: 'steps.f.output.found' }, true] }] });
  expect(n.fields.title).toEqual({ cat: ['Hello ', { var: 'steps.f.output.record.first_name' }] });
  expect(draft.problems ?? []).toEqual([]);
  await api(page, 'DELETE', `/rules/${id}`);
});
