import { api, card, newRule, saved } from './support/builder';
import { expect, expectAccessible, own, test } from './support/house';

test('a report of a table is described, made, downloaded, and attached to a mail of HTML', async ({
  page,
}) => {
  // Its file is called so, too, and comes down under that name.
  const title = own('오늘의 고객, Клиенты дня');
  const document = {
    dialect: 1,
    name: own('Daily leads'),
    nodes: [
      { id: 't', kind: 'trigger', on: 'manual', connection: 'crm', table: 'public.leads' },
      {
        id: 'r',
        kind: 'action',
        do: 'make_report',
        fields: { title: '', format: 'csv', connection: 'crm', table: 'public.leads', where: true },
      },
      {
        id: 'm',
        kind: 'action',
        do: 'send_email',
        fields: {
          connection: 'mail',
          to: 'boss@example.com',
          subject: 'Leads',
          body: { cat: ['Dear ', { var: 'after.first_name' }] },
        },
      },
    ],
    edges: [
      ['t', 'r'],
      ['r', 'm'],
    ],
  };
  const id = await newRule(page, document);
  await card(page, 'r').getByRole('button').first().click();
  await page.getByRole('textbox', { name: 'Title' }).fill(title);
  await page.getByRole('button', { name: 'Start from all fields' }).click();
  await page.getByRole('button', { name: /^Drag First name/ }).press('ArrowUp');
  await expect(page.getByRole('textbox', { name: 'Heading of column 1', exact: true })).toHaveValue(
    'First name',
  );
  await expectAccessible(page, 'aside');
  await card(page, 'm').getByRole('button').first().click();
  await page.getByText('HTML', { exact: true }).click();
  await expect(page.getByRole('textbox', { name: 'Message (HTML)' })).toHaveValue(/^<p>Dear/);
  await page.getByRole('checkbox', { name: `Report “${title}”` }).check();
  await saved(page);

  const draft = await api(page, 'GET', `/rules/${id}`);
  await api(page, 'POST', `/rules/${id}/publish`, { etag: draft.draft.etag });
  await api(page, 'POST', `/rules/${id}/fire`, { key: { id: 1 } });
  const made = async () => (await api(page, 'GET', `/reports?rule_id=${id}`)).items.length;
  await expect.poll(made, { timeout: 20_000 }).toBe(1);
  await page.goto(`/reports?rule=${id}`);
  await expect(page.getByText(title, { exact: true })).toBeVisible();
  await expectAccessible(page, 'main');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: `Download ${title}.csv` }).click();
  expect((await download).suggestedFilename()).toBe(`${title}.csv`);
});
