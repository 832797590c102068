import { expect, expectAccessible, test } from './support/house';
import { ADMIN, readToken, STATE_FILE } from './support/place';

test.describe.configure({ mode: 'serial' });
test.use({ allowed: [/40[0-9]|422/] });

test('a wrong token is refused in words', async ({ page }) => {
  await page.goto('/welcome?token=not-the-token');
  await page.getByLabel('Your name').fill(ADMIN.name);
  await page.getByLabel('E-mail').fill(ADMIN.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(ADMIN.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('alert')).not.toBeEmpty();
  await expectAccessible(page);
});

test('the first administrator is made by the link that the product prints', async ({ page }) => {
  await page.goto(`/welcome?token=${readToken()}`);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByText('Enter your name')).toBeVisible();
  await page.getByLabel('Your name').fill(ADMIN.name);
  await page.getByLabel('E-mail').fill(ADMIN.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(ADMIN.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { name: 'Rules' })).toBeVisible();
});

test('signing in leads to the page that was asked for', async ({ page, context }) => {
  await page.goto('/data');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('E-mail').fill(ADMIN.email);
  await page.getByRole('textbox', { name: 'Password' }).fill('wrong words here');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toHaveText('E-mail or password is wrong. Check both and try again.');
  await page.getByRole('textbox', { name: 'Password' }).fill(ADMIN.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Data' })).toBeVisible();
  await page.getByRole('button', { name: 'Not now' }).click();
  await context.storageState({ path: STATE_FILE });
});

test('signing out ends the session', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(ADMIN.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(ADMIN.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: `Account of ${ADMIN.name}` }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await page.goto('/rules');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});
