import type { Locator, Page } from '@playwright/test';
import { api, card, newRule, RULE, saved } from './support/builder';
import { expect, expectAccessible, test } from './support/house';

const [START, , NOTIFY] = RULE.nodes;

/** A rule whose check is this logic. */
const checking = (name: string, logic: object) => ({
  ...RULE,
  name,
  nodes: [START, { id: 'c', kind: 'condition', logic }, NOTIFY],
});

/** A rule that sets the queue of leads that were won. */
const queueing = (name: string, status: string, queue: string) => ({
  ...RULE,
  name,
  nodes: [
    START,
    { id: 'c', kind: 'condition', logic: { '===': [{ var: 'after.status' }, status] } },
    { id: 'n', kind: 'action', do: 'update_record', fields: { set: { queue } } },
  ],
});

const notes = (page: Page): Locator => page.locator('[data-problem-note]');
const count = (page: Page): Locator => page.locator('[data-problems]');
const open = (page: Page, id: string) => card(page, id).getByRole('button').first().click();

test('a wrong comparison is said in its row, mended by a button, and undo brings it back', async ({
  page,
}) => {
  await newRule(page, checking('Wrong comparison', { '===': [{ var: 'after.attempts' }, 3] }));
  await open(page, 'c');
  await page.getByRole('combobox', { name: 'Compare with' }).click();
  await page.getByRole('option', { name: 'a field' }).click();
  await page.getByRole('combobox', { name: 'Other field' }).fill('First');
  await page.getByRole('option', { name: 'First name', exact: true }).first().click();
  await expect(count(page)).toHaveText('1 problem');
  await expect(notes(page)).toHaveCount(0);
  await page.getByRole('combobox', { name: 'Field', exact: true }).focus();
  await page.keyboard.press('Shift+Tab');
  await expect(notes(page)).toContainText('“Attempts” is a number, but this is text');
  const other = page.getByRole('combobox', { name: 'Other field' });
  await expect(other).toHaveAttribute('aria-invalid', 'true');
  await expect(other).toHaveAccessibleDescription(/they do not fit together/);

  await open(page, 'n');
  const message = page.getByRole('textbox', { name: 'Message', exact: true });
  await message.fill('{{frist_name}} was won');
  await expect(count(page)).toHaveText('2 problems');
  await expect(card(page, 'n')).toContainText('Leads has no field “Frist name”');
  await expect(notes(page)).toHaveCount(0);
  await message.blur();
  await expect(notes(page)).toContainText('Leads has no field “Frist name”');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Did you mean “First name”?' }).click();
  await expect(message).toHaveValue('{{first_name}} was won');
  await expect(notes(page)).toHaveCount(0);
  await expect(count(page)).toHaveText('1 problem');
  await expect(page.getByRole('status').filter({ hasText: 'Fixed.' })).toBeAttached();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(message).toHaveValue('{{frist_name}} was won');
  await expect(notes(page)).toContainText('Leads has no field “Frist name”');
});

test('a field that can be empty is guarded by one press, and all that mends itself by another', async ({
  page,
}) => {
  const logic = {
    and: [
      { '<': [{ var: 'after.budget' }, 5000] },
      { '===': [{ var: 'after.status' }, 'calback'] },
      { '===': [{ var: 'after.attempts' }, '3'] },
    ],
  };
  const id = await newRule(page, checking('Guarded', logic));
  const stored = async () => (await api(page, 'GET', `/rules/${id}`)).draft.document.nodes[1].logic.and;
  await open(page, 'c');
  await expect(notes(page)).toHaveCount(3);
  await page.getByRole('button', { name: 'Add “is not empty” first' }).click();
  await expect(notes(page)).toHaveCount(2);
  await saved(page);
  await expect
    .poll(async () => (await stored())[0])
    .toEqual({ and: [{ '!==': [{ var: 'after.budget' }, null] }, { '<': [{ var: 'after.budget' }, 5000] }] });
  await page.getByRole('button', { name: 'Fix all 2' }).click();
  await expect(notes(page)).toHaveCount(0);
  await expect(count(page)).toHaveCount(0);
  await expect.poll(async () => (await stored())[1]['===']).toEqual([{ var: 'after.status' }, 'callback']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(notes(page)).toHaveCount(2);
});

test('the list on top leads to the very field', async ({ page }) => {
  await newRule(page, checking('Led there', { '===': [{ var: 'after.status' }, 'calback'] }));
  await count(page).click();
  await page.getByRole('button', { name: /If \/ otherwise.*is never “calback”/ }).click();
  await expect(card(page, 'c')).toHaveAttribute('data-selected', 'true');
  await expect(page.locator('[data-side="value"] input').first()).toBeFocused();
});

test('a warning shows a record, the other rule and a circle, and stops nobody', async ({ page }) => {
  const other = await api(page, 'POST', '/rules', { document: queueing('Won to senior', 'won', 'senior') });
  await api(page, 'POST', `/rules/${other.id}/publish`, { etag: other.draft.etag });
  await newRule(page, queueing('Won to inbound', 'won', 'inbound'));
  await open(page, 'n');
  const note = notes(page).filter({ hasText: 'The rule “Won to senior” sets the same fields' });
  await expect(note.getByRole('table')).toContainText('Won');
  await expect(note.getByRole('link', { name: 'Open “Won to senior”' })).toHaveAttribute(
    'href',
    `/rules/${other.id}`,
  );
  const circle = notes(page).filter({ hasText: 'could start itself' });
  await expect(circle.getByRole('list')).toContainText('Won to inbound');
  await expect(card(page, 'n')).not.toHaveAttribute('data-problem');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Turn on' }).click();
  const review = page.getByRole('dialog');
  await expect(review).toContainText('Worth a look: this does not stop you');
  await expect(review.getByRole('table').first()).toBeVisible();
  await review.getByRole('button', { name: 'Turn on' }).click();
  await expect(page.getByText('On · version 1')).toBeVisible();
  for (const id of [other.id, Number(page.url().split('/').at(-1))])
    await api(page, 'POST', `/rules/${id}/disable`);
});

test('turning on waits until every step is mended', async ({ page }) => {
  const document = checking('Not yet', { '===': [{ var: 'after.status' }, 'calback'] });
  const title = { id: 'n', kind: 'action', do: 'notify', fields: { to: 'everyone', title: '' } };
  await newRule(page, { ...document, nodes: [...document.nodes.slice(0, 2), title] });
  await page.getByRole('button', { name: 'Turn on' }).click();
  const review = page.getByRole('dialog');
  await expect(review).toContainText('2 steps need attention');
  await expect(review.getByRole('button', { name: 'Turn on' })).toBeDisabled();
  await review.getByRole('button', { name: 'Use “callback”' }).click();
  await expect(review).toContainText('1 step needs attention');
  await review.getByRole('button', { name: 'Show' }).first().click();
  const message = page.getByRole('textbox', { name: 'Message', exact: true });
  await expect(message).toBeFocused();
  await message.fill('Called back');
  await page.getByRole('button', { name: 'Turn on' }).click();
  await expect(review.getByRole('button', { name: 'Turn on' })).toBeEnabled();
});

test('problems are said in Korean', async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem('ruleyard.language', 'ko'));
  await newRule(page, checking('한국어', { '===': [{ var: 'after.status' }, 'calback'] }));
  await open(page, 'c');
  await expect(count(page)).toHaveText('문제 1개');
  await expect(notes(page)).toContainText('“Status” 필드에는 “calback” 값이 있을 수 없습니다');
  await page.getByRole('button', { name: '“callback” 사용' }).click();
  await expect(notes(page)).toHaveCount(0);
});

test.describe('without a server', () => {
  test.use({ allowed: [/Failed to load resource/] });

  test('what was found stays and the bar says that nothing is checked', async ({ page }) => {
    await newRule(page, checking('Away', { '===': [{ var: 'after.status' }, 'calback'] }));
    await open(page, 'n');
    await page.route('**/rules/check', (route) => route.abort());
    await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Hello');
    await expect(count(page)).toHaveText('1 problem');
    await count(page).click();
    await expect(page.getByText('The server does not answer')).toBeVisible();
    await page.unroute('**/rules/check');
    await page.keyboard.press('Escape');
    await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Hello again');
    await count(page).click();
    await expect(page.getByText('The server does not answer')).toHaveCount(0);
  });
});
