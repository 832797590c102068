import type { Page } from '@playwright/test';
import { api, card, RULE } from './support/builder';
import { expect, expectAccessible, sql, test } from './support/house';

const FIRST = {
  ...RULE,
  nodes: [
    { ...RULE.nodes[0], columns: ['attempts'] },
    { id: 'c', kind: 'condition', logic: { '>=': [{ var: 'after.attempts' }, 3] } },
    { id: 'w', kind: 'wait', amount: 2, unit: 'days' },
    { id: 'n', kind: 'action', do: 'notify', fields: { to: 'everyone', title: 'Please call back' } },
  ],
  edges: [
    ['t', 'c'],
    ['c', 'w', 'yes'],
    ['w', 'n'],
  ],
};
const SECOND = {
  ...FIRST,
  nodes: [
    FIRST.nodes[0],
    { id: 'c', kind: 'condition', logic: { '>': [{ var: 'after.attempts' }, 3] } },
    { id: 'n', kind: 'action', do: 'notify', fields: { to: 'everyone', title: 'Call them again' } },
    { id: 'm', kind: 'action', do: 'notify', fields: { to: 'admin', title: 'Not yet' } },
  ],
  edges: [
    ['t', 'c'],
    ['c', 'n', 'yes'],
    ['c', 'm', 'no'],
  ],
};

async function save(page: Page, id: number, document: object): Promise<string> {
  const { etag } = (await api(page, 'GET', `/rules/${id}`)).draft;
  return (await api(page, 'PUT', `/rules/${id}/draft`, { document }, { 'If-Match': etag })).etag;
}

/** A rule with version 1 on, and a draft that differs. */
async function changedRule(page: Page, name: string): Promise<number> {
  const { id, draft } = await api(page, 'POST', '/rules', { document: { ...FIRST, name } });
  await api(page, 'POST', `/rules/${id}/publish`, { etag: draft.etag, note: 'As agreed with sales' });
  await save(page, id, { ...SECOND, name });
  return id;
}

test('runs are found by version, and one of an older version says so first, with the way to what changed', async ({
  page,
}) => {
  const id = await changedRule(page, 'Run before');
  sql('update leads set attempts = attempts + 5 where id = 77');
  await expect
    .poll(async () => (await api(page, 'GET', `/runs?rule_id=${id}`)).items.length, { timeout: 30_000 })
    .toBe(1);
  const { etag } = (await api(page, 'GET', `/rules/${id}`)).draft;
  await api(page, 'POST', `/rules/${id}/publish`, { etag });
  await page.goto(`/runs?rule=${id}`);
  const version = page.getByRole('combobox', { name: 'Version' });
  await version.click();
  await page.getByRole('option', { name: 'Version 2' }).click();
  await expect(page.getByText('No run matches these filters.')).toBeVisible();
  await version.click();
  await page.getByRole('option', { name: 'Version 1' }).click();
  await expect(page).toHaveURL(/version=1/);
  await page.getByRole('row').nth(1).getByRole('link').first().click();
  const note = page.locator('[data-other-version]');
  await expect(note).toContainText('This run used version 1 of the rule. Version 2 is live now.');
  await expect(note).toBeInViewport();
  await expectAccessible(page);
  await note.getByRole('link', { name: 'See what changed since' }).click();
  await expect(page.getByRole('heading', { name: '4 changes' })).toBeVisible();
});

const change = (page: Page, step: string) => page.locator(`[data-change="${step}"]`);
const verdict = (page: Page, words: RegExp) => page.getByText(words).first();

test('the draft beside the live version: marks, words, verdict, a record', async ({ page }) => {
  const id = await changedRule(page, 'Compared');
  await page.goto(`/rules/${id}`);
  await page.getByRole('button', { name: 'Versions' }).click();
  await page.getByRole('menuitem', { name: 'Compare versions' }).click();
  await expect(page.getByRole('heading', { name: '4 changes' })).toBeVisible();
  await expect(card(page, 'c')).toContainText('Changed');
  await expect(card(page, 'w')).toHaveAttribute('data-mark', 'removed');
  await expect(card(page, 'm')).toHaveAttribute('data-mark', 'new');
  await expect(change(page, 'c').locator('del')).toContainText('is at least 3');
  await expect(change(page, 'c').locator('ins')).toContainText('is more than 3');
  await expect(change(page, 'c')).toContainText('Version 1 says “yes” and Draft says “no”');
  await expect(change(page, 'c').getByRole('row', { name: /Attempts 3/ })).toBeVisible();
  await expect(change(page, 'm')).toContainText('On the No side of');
  await expect(change(page, 'n').locator('del')).toContainText('Please call back');
  await expect(verdict(page, /decide differently/)).toBeVisible();
  await expect(page.locator('[data-version="1"]')).toContainText('As agreed with sales');
  await expect(page.locator('[data-version="1"]')).toContainText('On since');
  await expectAccessible(page);
  await page.getByText('Advanced: JSON').click();
  await expect(page.locator('[data-kind="old"]').filter({ hasText: 'Please call back' })).toBeVisible();
  await page.evaluate(() => localStorage.setItem('mantine-color-scheme-value', 'dark'));
  await change(page, 'n').getByRole('button').press('Enter');
  await expect(card(page, 'n')).toHaveAttribute('data-selected', 'true');
  await page.reload();
  await expect(card(page, 'n')).toHaveAttribute('data-selected', 'true');
  await expect(card(page, 'n')).toBeInViewport();
  await expect(change(page, 'c')).toBeVisible();
  await expectAccessible(page);
});

test('the stored changes that both decide differently are listed', async ({ page }) => {
  sql('update leads set attempts = 1 where id between 401 and 404');
  sql('update leads set attempts = 3 where id in (401, 402); update leads set attempts = 4 where id = 403');
  const id = await changedRule(page, 'Compared on what was');
  // The No side does nothing here, so that only the threshold tells.
  await save(page, id, {
    ...SECOND,
    name: 'Compared on what was',
    nodes: SECOND.nodes.slice(0, 3),
    edges: SECOND.edges.slice(0, 2),
  });
  const both = { nodes: [...SECOND.nodes.slice(0, 2), FIRST.nodes[2], FIRST.nodes[3]], edges: FIRST.edges };
  await save(page, id, { ...FIRST, name: 'Compared on what was', ...both });
  await page.goto(`/rules/${id}/versions?a=1&b=draft`);
  await expect(page.getByRole('heading', { name: '1 change' })).toBeVisible();
  const rows = page.locator('[data-different-event]');
  const row = rows.filter({ hasText: 'Leads 402' }).first();
  await expect(row).toContainText('Wait and Notify a colleague → does nothing');
  await expect(rows.filter({ hasText: 'Leads 403' })).toHaveCount(0);
  await expect(page.getByText(/stored changes were looked at/)).toBeVisible();
  await row.locator('summary').click();
  await expect(row.getByRole('row', { name: /Attempts 1 3/ })).toBeVisible();
});

test('a condition said otherwise is proven to mean the same', async ({ page }) => {
  const id = await changedRule(page, 'Proven');
  const same = { id: 'c', kind: 'condition', logic: { '>': [{ var: 'after.attempts' }, 2] } };
  await save(page, id, {
    ...FIRST,
    name: 'Proven',
    nodes: FIRST.nodes.map((one) => ('logic' in one ? same : one)),
  });
  await page.goto(`/rules/${id}/versions`);
  await expect(page.getByRole('heading', { name: '1 change' })).toBeVisible();
  await expect(change(page, 'c')).toContainText('These two mean the same: proven.');
  await expect(verdict(page, /They do the same on every change: proven/)).toBeVisible();
  await expect(
    page.getByText(/stored changes? looked at (is|are) decided alike|No change of these/),
  ).toBeVisible();
});

test('restoring a version makes it the draft, and Undo brings the draft back', async ({ page }) => {
  const id = await changedRule(page, 'Restored');
  await page.goto(`/rules/${id}/versions`);
  await page.locator('header').getByRole('button', { name: 'Restore version 1' }).click();
  const question = page.getByRole('dialog', { name: 'Restore version 1?' });
  await expect(question).toContainText('which you can bring back with Undo');
  await question.getByRole('button', { name: 'Restore version 1' }).click();
  await expect(page.getByRole('heading', { name: 'They are the same' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('heading', { name: '4 changes' })).toBeVisible();
  const { document } = (await api(page, 'GET', `/rules/${id}`)).draft;
  expect(document.nodes.map((node: { id: string }) => node.id)).toEqual(['t', 'c', 'n', 'm']);
});

test('any two are compared, on a small screen and in another language, too', async ({ page }) => {
  const id = await changedRule(page, 'Small');
  const { etag } = (await api(page, 'GET', `/rules/${id}`)).draft;
  await api(page, 'POST', `/rules/${id}/publish`, { etag });
  await page.goto(`/rules/${id}/versions?a=2&b=1`);
  await expect(card(page, 'm')).toHaveAttribute('data-mark', 'removed');
  await page.getByRole('button', { name: 'Swap the two' }).click();
  await expect(page).toHaveURL(/a=1&b=2/);
  await expect(card(page, 'm')).toHaveAttribute('data-mark', 'new');
  await page.setViewportSize({ width: 480, height: 900 });
  await page.evaluate(() => localStorage.setItem('ruleyard.language', 'ko'));
  await page.reload();
  await expect(page.getByRole('heading', { name: '변경 4건' })).toBeVisible();
  await expect(page.locator('[data-rule-list]')).toContainText('삭제됨');
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  await expectAccessible(page);
  await page.getByRole('button', { name: '버전', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: '초안' }).click();
  await expect(page.getByRole('heading', { name: '두 버전이 같습니다' })).toBeVisible();
});

test.describe('an address that leads nowhere', () => {
  test.use({ allowed: [/404|422/] });
  test('is said, and what is there can be chosen', async ({ page }) => {
    const id = await changedRule(page, 'Nowhere');
    await page.goto(`/rules/${id}/versions?a=7&b=draft`);
    await expect(page.getByRole('alert')).toContainText('has no version 7');
    await page.locator('[data-version="draft"]').getByRole('button').click();
    await expect(page.getByRole('heading', { name: '4 changes' })).toBeVisible();
  });

  test('a draft that is not finished is shown as far as that goes', async ({ page }) => {
    const id = await changedRule(page, 'Unfinished');
    const nodes = FIRST.nodes.map((one) => ('amount' in one ? { id: 'w', kind: 'wait' } : one));
    await save(page, id, { ...FIRST, name: 'Unfinished', nodes });
    await page.goto(`/rules/${id}/versions`);
    await expect(page.getByRole('alert')).toContainText('not finished yet');
    await expect(card(page, 'w')).toBeVisible();
    await expect(page.getByText('Advanced: JSON')).toBeVisible();
  });
});
