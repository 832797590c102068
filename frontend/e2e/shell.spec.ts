import { expect, expectAccessibleInBoth, test } from './support/house';

/** In threes: one page for several, since each new one would load everything again. */
const SCREENS = [
  [
    ['/rules', 'Rules'],
    ['/runs', 'Runs'],
    ['/dashboard', 'Dashboard'],
  ],
  [
    ['/data', 'Data'],
    ['/data?table=public.leads', 'Leads'],
    ['/connections', 'Connections'],
  ],
  [
    ['/templates', 'Templates'],
    ['/settings', 'Settings'],
    ['/settings?tab=people', 'Settings'],
  ],
  [
    ['/settings?tab=keys', 'Settings'],
    ['/settings?tab=audit', 'Settings'],
    ['/inbox', 'Inbox'],
  ],
] as const;

test.describe('in light and dark colours', () => {
  test.use({ reducedMotion: 'reduce' });
  for (const screens of SCREENS) {
    test(`${screens.map(([path]) => path).join(', ')} are accessible and quiet`, async ({ page }) => {
      for (const [path, heading] of screens) {
        await test.step(path, async () => {
          await page.goto(path);
          await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeVisible();
          await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0);
          await expectAccessibleInBoth(page);
        });
      }
    });
  }
});

const LANGUAGES = [
  ['한국어', 'ko', '규칙'],
  ['中文', 'zh', '规则'],
  ['Русский', 'ru', 'Правила'],
  ['English', 'en', 'Rules'],
] as const;

test('the language is switched at once and is kept', async ({ page }) => {
  await page.goto('/rules');
  for (const [name, code, heading] of LANGUAGES) {
    await page.locator('nav button[aria-haspopup="menu"]').click();
    await page.getByRole('menuitem', { name }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
    await expect(page.locator('html')).toHaveAttribute('lang', code);
  }
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Rules');
});

test('a key is shown once', async ({ page }) => {
  await page.goto('/settings?tab=keys');
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByLabel('What is it for?').fill('nightly export');
  await page.getByRole('button', { name: 'Make the key' }).click();
  await expect(page.getByLabel('Key', { exact: true })).toHaveValue(/^ry_/);
  await page.getByRole('button', { name: 'I have copied it' }).click();
  await expect(page.getByRole('row', { name: /nightly export/ })).toBeVisible();
});

test('a mail server that cannot be reached says so before it is saved', async ({ page }) => {
  await page.goto('/connections');
  await page.getByRole('button', { name: 'Add connection' }).click();
  await page.getByRole('combobox', { name: 'What is it?' }).click();
  await page.getByRole('option', { name: 'E-mail (SMTP)', exact: true }).click();
  await page.getByLabel('Short name').fill('nowhere');
  await page.getByLabel('Server', { exact: true }).fill('127.0.0.1');
  await page.getByLabel('Port', { exact: true }).fill('9');
  await page.getByLabel('Sender address').fill('rules@example.test');
  await page.getByRole('button', { name: 'Try it' }).click();
  await expect(page.getByRole('dialog').locator('[aria-live]').last()).not.toBeEmpty();
});

test('on a phone the rooms are at the bottom', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/rules');
  const nav = await page.getByRole('navigation').boundingBox();
  expect(nav?.y ?? 0).toBeGreaterThan(700);
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Runs', level: 1 })).toBeVisible();
});

test('an address that does not exist says so', async ({ page }) => {
  await page.goto('/nowhere');
  await expect(page.getByRole('heading', { name: 'There is no page here' })).toBeVisible();
});
