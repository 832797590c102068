import { api, saved } from './support/builder';
import { expect, expectAccessible, sql, test } from './support/house';
import { takeByArrow } from './support/keys';

const sentence = '[data-sentence]';

test('a template is found, answered, turned on, and fires', async ({ page }) => {
  await page.goto('/rules');
  await page.getByRole('button', { name: 'More ways to start' }).click();
  await page.getByRole('menuitem', { name: 'Start from a template' }).click();
  await page.getByRole('button', { name: 'Deals', exact: true }).click();
  await expect(page).toHaveURL(/category=deals/);
  await expect(page.getByRole('article')).toHaveCount(6);
  const card = page.getByRole('article', { name: 'A deal becomes large' });
  await expect(card).toContainText('Amount is more than 100,000');
  await card.getByRole('button').click();

  const dialog = page.getByRole('dialog', { name: 'A deal becomes large' });
  await expect(dialog.getByRole('combobox', { name: 'Which field is the amount?' })).toHaveValue('Amount');
  await dialog.getByRole('textbox', { name: 'From which amount on?' }).fill('7000');
  await expect(dialog.locator(sentence)).toContainText('Amount is more than 7,000');
  await dialog.getByRole('combobox', { name: 'Who is told?' }).click();
  await page.getByRole('option', { name: 'Administrators' }).click();
  await expect(dialog.locator(sentence)).toContainText('notify all administrators');
  await dialog.getByRole('textbox', { name: 'Name of the rule' }).fill('Deals above 7,000');
  await dialog.getByRole('button', { name: 'Open in the builder' }).click();

  await expect(page.getByRole('textbox', { name: 'Name of the rule' })).toHaveValue('Deals above 7,000');
  await expect(page.locator('[data-card]')).toHaveCount(3);
  await page.getByRole('button', { name: 'Turn on' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Turn on' }).click();
  await expect(page.getByText('On · version 1')).toBeVisible();
  sql(`insert into deals (title, stage, amount) values ('A bridge', 'open', 10);
       update deals set amount = 7001 where title = 'A bridge'`);
  const id = Number(page.url().split('/').at(-1)?.split('?')[0]);
  await expect
    .poll(async () => (await api(page, 'GET', `/runs?rule_id=${id}&state=succeeded`)).items.length, {
      timeout: 15_000,
    })
    .toBe(1);
  await api(page, 'DELETE', `/rules/${id}`);
});

test('without a mouse: another table, and the fields are found anew', async ({ page }) => {
  await page.goto('/templates?search=status');
  await page.getByRole('button', { name: 'Use “Tell the person in charge of a new status”' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  const table = dialog.getByRole('combobox', { name: 'Which table holds your leads?' });
  await expect(table).toBeFocused();
  await expect(page.getByRole('option')).toHaveCount(0);
  await expect(dialog.locator(sentence)).toContainText('a lead’s Status changes');
  await table.fill('Deals');
  await takeByArrow(table, page.getByRole('option', { name: 'Deals' }));
  await expect(dialog.locator(sentence)).toContainText('a deal’s Stage changes');
  await expect(dialog.getByRole('combobox', { name: 'Which field is the status?' })).toHaveValue('Stage');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Templates' })).toBeVisible();
});

test('what is not answered is said, and can be added in the builder', async ({ page }) => {
  await page.goto('/templates?use=won-to-webhook');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('1 thing is still missing. You can add it in the builder.');
  const address = dialog.getByRole('textbox', { name: 'Which address is called?' });
  await address.fill('nowhere');
  await expect(dialog).toContainText('Enter a full web address starting with https://');
  await expect(dialog.getByRole('button', { name: 'Open in the builder' })).toBeDisabled();
  await address.fill('https://hooks.example.com/won');
  await expect(dialog.locator(sentence)).toContainText('hooks.example.com');
  await expect(dialog).not.toContainText('still missing');
  await expectAccessible(page, '[role="dialog"]');
  await dialog.getByText('What we found by ourselves').click();
  await dialog.getByRole('button', { name: 'Open in the builder' }).press('Enter');
  await expect(page.getByText('Draft', { exact: true })).toBeVisible();
  await saved(page);
});

test('no template fits: says so, and shows all again', async ({ page }) => {
  await page.goto('/templates');
  await page.getByRole('textbox', { name: 'Search templates' }).fill('zeppelin');
  await expect(page.getByText('No template fits.')).toBeVisible();
  await page.getByRole('button', { name: 'Show all templates' }).click();
  await expect(page.getByRole('article')).toHaveCount(20);
});

test.describe('in the reader’s language', () => {
  test.afterEach(async ({ page }) => {
    await page.evaluate(() => localStorage.removeItem('ruleyard.language'));
  });

  test('a template and its sentence are', async ({ page }) => {
    await page.addInitScript(() => localStorage.setItem('ruleyard.language', 'ru'));
    await page.goto('/templates');
    const card = page.getByRole('article', { name: 'Лид без номера телефона' });
    await expect(card).toContainText('создать');
    await expect(card).toContainText('Найти номер телефона');
  });
});
