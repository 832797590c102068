import { api, card, newRule, ruleOnLeads, saved } from './support/builder';
import { expect, expectAccessible, own, test } from './support/house';

test('a system is connected, asked, and what its sample teaches is used by a later step', async ({
  page,
}) => {
  const name = own('shop').replace(/\W+/g, '_').toLowerCase();
  const base = `http://127.0.0.1:9/${name}`;
  await page.goto('/connections');
  await page.getByRole('button', { name: 'Add connection' }).click();
  const drawer = page.getByRole('dialog', { name: 'Add a connection' });
  await drawer.getByRole('combobox', { name: 'What is it?' }).click();
  await page.getByRole('option', { name: 'System on the web (HTTP)' }).click();
  await drawer.getByRole('textbox', { name: 'Short name' }).fill(name);
  await drawer.getByRole('textbox', { name: 'Base address' }).fill(base);
  await drawer.getByRole('combobox', { name: 'How to sign in' }).click();
  await page.getByRole('option', { name: 'Bearer token' }).click();
  await drawer.getByLabel('Token', { exact: true }).fill('canary-of-the-e2e');
  await expectAccessible(page, '[role="dialog"]');
  await drawer.getByRole('button', { name: 'Save' }).click();
  await expect(drawer).toBeHidden();
  await expect(page.getByText(base, { exact: true })).toBeVisible();
  await expect(page.getByText('This address is private or of this machine').first()).toBeVisible();

  const document = ruleOnLeads({
    name: own('Ask the shop'),
    logic: { '===': [{ var: 'after.status' }, 'won'] },
    title: 'Hello',
  });
  document.nodes.splice(2, 0, {
    id: 'h',
    kind: 'action',
    do: 'http_request',
    fields: { method: 'POST', url: '' },
  });
  document.edges = [
    ['t', 'c'],
    ['c', 'h', 'yes'],
    ['h', 'n'],
  ];
  const id = await newRule(page, document);
  await card(page, 'h').getByRole('button').first().click();
  const panel = page.getByRole('complementary').last();
  await page.getByRole('combobox', { name: 'System' }).click();
  await page.getByRole('option', { name }).click();
  await page.getByRole('textbox', { name: /^Path below/ }).fill('orders/{{id}}');
  await page.getByRole('combobox', { name: 'What to send (JSON)' }).click();
  await page.getByRole('option', { name: 'JSON', exact: true }).click();
  const body = page.getByRole('textbox', { name: 'What to send (JSON)' });
  await body.fill('{"mail": {{email}}, "note": "from {{first_name}}"');
  await expect(page.getByText(/This is not JSON yet/)).toBeVisible();
  await body.fill('{"mail": {{email}}, "note": "from {{first_name}}"}');
  await expect(page.getByText(/This is not JSON yet/)).toBeHidden();
  await page.getByRole('button', { name: 'Paste a sample answer' }).click();
  await page
    .getByRole('textbox', { name: 'Sample answer' })
    .fill('{"customer": {"level": 3, "name": "Lee"}}');
  await page.getByRole('button', { name: 'Use this sample' }).click();
  await expect(panel.getByText('customer.level · number')).toBeVisible();
  await expectAccessible(page, 'aside');

  await card(page, 'n').getByRole('button').first().click();
  await page.getByRole('textbox', { name: 'Message' }).fill('Level {{level');
  await page.getByRole('option', { name: 'Customer › Level' }).click();
  await saved(page);
  const { draft } = await api(page, 'GET', `/rules/${id}`);
  expect(draft.document.nodes[2].fields).toEqual({
    connection: name,
    method: 'POST',
    url: { cat: ['orders/', { var: 'after.id' }] },
    body: { mail: { var: 'after.email' }, note: { cat: ['from ', { var: 'after.first_name' }] } },
    answer: { customer: { level: 3, name: 'Lee' } },
  });
  expect(draft.document.nodes[3].fields.title).toEqual({
    cat: ['Level ', { var: 'steps.h.output.body.customer.level' }],
  });

  await api(page, 'DELETE', `/rules/${id}`);
  const made = (await api(page, 'GET', '/connections')).items.find(
    (one: { name: string }) => one.name === name,
  );
  await api(page, 'DELETE', `/connections/${made.id}`);
});
