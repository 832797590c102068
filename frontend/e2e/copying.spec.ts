import { api, card, newRule, RULE, saved } from './support/builder';
import { expect, test } from './support/house';

const said = '[data-builder] > [role="status"]';

test('steps are copied into a rule in another tab, and what reads a copied step reads its copy', async ({
  page,
  context,
}) => {
  const task = { table: 'public.leads', set: { first_name: 'New' } };
  const made = { id: 'k', kind: 'action', do: 'create_record', fields: task };
  const reads = { to: 'everyone', title: { cat: ['Made ', { var: 'steps.k.output.key' }] } };
  await newRule(page, {
    ...RULE,
    name: 'Copied from',
    nodes: [...RULE.nodes.slice(0, 2), made, { id: 'n', kind: 'action', do: 'notify', fields: reads }],
    edges: [
      ['t', 'c'],
      ['c', 'k', 'yes'],
      ['k', 'n'],
    ],
  });
  await card(page, 'c').getByRole('button').first().click();
  await card(page, 'c').getByRole('button').first().focus();
  await page.keyboard.press('Control+c');
  await expect(page.locator(said)).toHaveText('If / otherwise copied');

  const other = await context.newPage();
  const into = await newRule(other, { ...RULE, name: 'Copied to' });
  await other.keyboard.press('l');
  await card(other, 'c').getByRole('button').first().click();
  await card(other, 'c').getByRole('button').first().focus();
  await other.keyboard.press('Control+v');
  await expect(other.locator('[data-card]')).toHaveCount(6);
  await expect(other.locator(said)).toContainText('pasted');
  await expect(card(other, 'c1')).toHaveAttribute('data-selected');
  await saved(other);
  const { draft } = await api(other, 'GET', `/rules/${into}`);
  expect(JSON.stringify(draft.document)).toContain('steps.k1.output.key');
  await card(other, 'c1').getByRole('button').first().focus();
  await other.keyboard.press('Control+z');
  await expect(other.locator('[data-card]')).toHaveCount(3);
  await other.close();
});

test('a step is cut and pasted elsewhere, by menu too, and nonsense is refused in words', async ({
  page,
}) => {
  await newRule(page, { ...RULE, name: 'Cut and paste' });
  await card(page, 'n').getByRole('button').first().click();
  await card(page, 'n').getByRole('button').first().focus();
  await page.keyboard.press('Control+x');
  await expect(card(page, 'n')).toHaveCount(0);
  await card(page, 't').getByRole('button').first().focus();
  await page.keyboard.press('Enter');
  await card(page, 't').getByRole('button').first().focus();
  await page.keyboard.press('Control+v');
  await expect(card(page, 'n1')).toBeVisible();

  await card(page, 'n1').getByRole('button', { name: 'What to do with this step' }).click();
  await page.getByRole('menuitem', { name: 'Copy' }).click();
  await expect(page.getByRole('menu')).toHaveCount(0);
  await card(page, 'c').getByRole('button', { name: 'What to do with this step' }).click();
  await page.getByRole('menuitem', { name: 'Paste after' }).click();
  await expect(card(page, 'n2')).toBeVisible();
  await saved(page);

  await page.evaluate(() => {
    localStorage.removeItem('ruleyard.clipboard');
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', 'Dear Anna');
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
  });
  const words = 'The clipboard holds no steps. Copy a step of a rule first.';
  await expect(page.getByRole('alert').filter({ hasText: words })).toBeVisible();
  await expect(page.locator(said)).toHaveText(words);
  await expect(page.locator('[data-card]')).toHaveCount(4);
});
