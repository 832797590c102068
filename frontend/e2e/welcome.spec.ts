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

test('the language chosen before signing in is kept by the account', async ({ page }) => {
  const kept = async () => (await (await page.request.get('/api/v1/session')).json()).account?.language;
  const signIn = async (language: string, fields: [string, string, string], seen: string) => {
    await page.goto('/sign-in');
    await page.getByRole('button', { name: language }).click();
    await page.getByLabel(fields[0]).fill(ADMIN.email);
    await page.getByRole('textbox', { name: fields[1] }).fill(ADMIN.password);
    await page.getByRole('button', { name: fields[2] }).click();
    await expect(page.getByRole('heading', { name: seen, exact: true })).toBeVisible();
  };
  await signIn('한국어', ['이메일', '비밀번호', '로그인'], '규칙');
  await expect.poll(kept).toBe('ko');
  await page.context().clearCookies();
  await signIn('English', ['E-mail', 'Password', 'Sign in'], 'Rules');
  await expect.poll(kept).toBe('en');
});
