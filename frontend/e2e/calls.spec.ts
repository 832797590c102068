/** A rule queues a call, somebody takes it and says how it went, by keyboard; it is told and can be taken back. */
import { api, newRule, RULE } from './support/builder';
import { expect, expectAccessible, expectContrast, own, round, test } from './support/house';

test('a call is queued by a rule, taken, ended and taken back', async ({ page }) => {
  const list = own('Fair visitors');
  const fields = {
    list,
    phone: '+82 10 1234 5678',
    name: 'Kim Ji-woo',
    note: 'Wants an offer',
    again: 'add',
  };
  const nodes = [
    { id: 't', kind: 'trigger', on: 'manual' },
    { id: 'q', kind: 'action', do: 'queue_call', fields },
  ];
  const id = await newRule(page, { ...RULE, name: own('Call the visitors'), nodes, edges: [['t', 'q']] });
  const { draft } = await api(page, 'GET', `/rules/${id}`);
  await api(page, 'POST', `/rules/${id}/publish`, { etag: draft.etag });
  await api(page, 'POST', `/rules/${id}/fire`, {});
  const queued = async () =>
    (await api(page, 'GET', '/calls/lists')).items.map((one: { name: string }) => one.name);
  await expect.poll(queued, { timeout: 20_000 }).toContain(list);
  await page.goto(`/calls?list=${encodeURIComponent(list)}`);
  await expect(page.getByRole('button', { name: `${list} · 1 waits` })).toBeVisible();
  // As long as it is not known whether one has a call already, the key does nothing.
  const next = page.locator('button[aria-keyshortcuts="n"]');
  await expect(next).toBeEnabled();
  await page.keyboard.press('n');
  await expect(page.getByRole('link', { name: '+821012345678' })).toBeVisible();
  await expectAccessible(page, 'main');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectContrast(page, 'main');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.keyboard.press('1');
  await expect(page.getByText('Kim Ji-woo: Reached')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('button', { name: 'Take the call to Kim Ji-woo' })).toBeVisible();
  await expect(next).toBeEnabled();
  await page.keyboard.press('n');
  await expect(page.getByRole('link', { name: '+821012345678' })).toBeVisible();
  await page.keyboard.press('2');
  await expect(page.getByText('Kim Ji-woo: Not reached')).toBeVisible();
  await api(page, 'POST', `/rules/${id}/disable`);
  await page.goto('/calls/do-not-call');
  await page.getByRole('button', { name: 'Add numbers' }).first().click();
  await page.getByLabel('Phone numbers').fill(`+82109999${8888 - round()}, ${list}, asked by mail\nnobody`);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByText('Line 1 holds no phone number: “nobody”')).toBeVisible();
  await page.keyboard.press('Escape');
  const listed = page.getByRole('row', { name: list });
  await expect(listed).toContainText('asked by mail');
  await expectAccessible(page, 'main');
  await listed.getByRole('button').click();
  await expect(listed).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(listed).toContainText('asked by mail');
});
