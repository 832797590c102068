/** A rule asks somebody for approval: one question is answered in the product, the other by the link in the mail. */
import { api, card, RULE } from './support/builder';
import { expect, expectAccessible, expectAccessibleInBoth, own, sql, test } from './support/house';
import { ADMIN } from './support/place';

const NOTIFY = (id: string, title: object) => ({
  id,
  kind: 'action',
  do: 'notify',
  fields: { to: 'everyone', title },
});
const asks = () => ({
  ...RULE,
  name: 'Approve a discount',
  nodes: [
    RULE.nodes[0],
    {
      id: 'q',
      kind: 'action',
      do: 'ask_approval',
      fields: {
        to: [ADMIN.email],
        question: { cat: [`${own('Discount')} for number `, { var: 'after.id' }, '?'] },
        details: 'They compare us with another offer.',
        connection: 'mail',
        comment: 'on_refusal',
      },
    },
    NOTIFY('y', { cat: ['Go: ', { var: 'steps.q.output.by' }] }),
    NOTIFY('n', { cat: ['No: ', { var: 'steps.q.output.comment' }] }),
  ],
  edges: [
    ['t', 'q'],
    ['q', 'y'],
    ['q', 'n', 'refused'],
  ],
});

test('a question is answered in the product, and by the link in the mail without signing in', async ({
  page,
  browser,
}) => {
  const rule = await api(page, 'POST', '/rules', { document: asks() });
  await page.goto(`/rules/${rule.id}?step=q`);
  await expect(card(page, 'n')).toContainText('No: {Comment of “Ask for approval”}');
  const panel = page.locator('[data-panel]');
  await expect(panel.getByLabel('A refusal needs a comment')).toBeChecked();
  await expectAccessible(page, '[data-panel]');
  await api(page, 'POST', `/rules/${rule.id}/publish`, { etag: rule.draft.etag });
  sql('update leads set attempts = attempts + 1 where id in (1, 2);');

  await page.goto('/approvals');
  const [first, second] = [1, 2].map((id) =>
    page.getByRole('article', { name: `${own('Discount')} for number ${id}?` }),
  );
  if (!first || !second) throw new Error('two questions');
  await expect(first).toBeVisible({ timeout: 20_000 });
  await expect(second).toBeVisible();
  await expect(page.getByRole('link', { name: 'To decide (2)' })).toBeVisible();
  await expectAccessibleInBoth(page);
  await first.getByRole('button', { name: 'Refuse' }).click();
  await expect(first.getByText('Say why you refuse.')).toBeVisible();
  await first.getByRole('textbox').fill('Not this quarter');
  await first.getByRole('button', { name: 'Refuse' }).click();
  await expect(first).toHaveCount(0);
  await page.getByText('Done', { exact: true }).click();
  await expect(first).toContainText('refused this');
  await expect(first).toContainText('Not this quarter');
  await first.getByRole('link', { name: /^Run / }).click();
  await expect(page.locator('[data-story="n"]')).toContainText('No: Not this quarter');

  const link = async (): Promise<string> => {
    const { items } = await api(page, 'GET', '/demo/messages?kind=mail&limit=20');
    const mail = items.find((one: { subject: string }) =>
      one.subject.includes(`${own('Discount')} for number 2?`),
    );
    return /\/approve\/[\w-]+/.exec(mail?.text ?? '')?.[0] ?? '';
  };
  await expect.poll(link, { timeout: 20_000 }).not.toBe('');
  const phone = await browser.newContext({
    storageState: { cookies: [], origins: [] },
    viewport: { width: 390, height: 844 },
  });
  const stranger = await phone.newPage();
  await stranger.goto(await link());
  await expect(stranger.getByRole('heading', { name: `${own('Discount')} for number 2?` })).toBeVisible();
  await expectAccessible(stranger);
  await stranger.getByRole('button', { name: 'Approve' }).click();
  await expect(stranger.getByRole('status')).toContainText('approved this');
  await phone.close();
  await expect
    .poll(async () => (await api(page, 'GET', `/runs?rule_id=${rule.id}&state=succeeded`)).items.length, {
      timeout: 20_000,
    })
    .toBe(2);
});
