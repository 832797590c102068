/** A calendar is made, filled with holidays and kept by a rule, which says so. */
import { card, newRule, RULE, saved } from './support/builder';
import { expect, expectAccessible, expectContrast, test } from './support/house';

test('a calendar with the holidays of a country is kept by a rule', async ({ page }) => {
  await page.goto('/settings?tab=calendars');
  const name = `Seoul office ${Date.now()}`;
  const first = page.getByRole('button', { name: 'Monday to Friday, 9:00–18:00' });
  await first
    .or(page.getByRole('button', { name: 'Add a calendar' }))
    .first()
    .click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name', { exact: true }).fill(name);
  await form.getByRole('button', { name: 'Add hours on Saturday' }).click();
  await form.getByRole('button', { name: 'Paste a list' }).click();
  await form.getByLabel('One date per line, with a name behind it').fill('2019-01-01 New Year\n03/04/2026');
  await expect(form.getByText('Line 2: “03/04/2026” may be two days.')).toBeVisible();
  await expect(form.getByText('These holidays are of 2019')).toBeVisible();
  await form.getByRole('button', { name: 'Fill in a country' }).click();
  const country = form.getByRole('combobox', { name: 'Country', exact: true });
  await country.click();
  await country.fill('South Korea');
  await page.getByRole('option', { name: 'South Korea', exact: true }).click();
  await expect(form.locator('[data-found]').getByText('Chuseok', { exact: true }).first()).toBeVisible();
  await expectAccessible(page, '[role="dialog"]');
  await form.getByRole('button', { name: /^Put in \d+ days$/ }).click();
  await expect(form.locator('[data-outcome]')).toContainText('Open next');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { name })).toBeVisible();
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectContrast(page, 'main');
  await page.emulateMedia({ colorScheme: 'light' });

  await newRule(page, { ...RULE, name: 'In office hours' });
  await card(page, 't').getByRole('button').first().click();
  await page.getByRole('combobox', { name: 'When may it run?' }).click();
  await page.getByRole('option', { name: `In the hours of “${name}”` }).click();
  await expect(page.locator('[data-hours-now]')).toContainText(/Open now|Closed now/);
  await expect(page.locator('[data-phrase="t"]').last()).toContainText(`in the hours of “${name}”`);
  await saved(page);
  await expectAccessible(page, '[data-panel]');
});
