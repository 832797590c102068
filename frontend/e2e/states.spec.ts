/** The page of all states, built for this test alone: accessible in both colour schemes, and it asks no server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { build, type PreviewServer, preview } from 'vite';
import { expect, expectAccessible, test } from './support/house';

const FRONTEND = join(dirname(fileURLToPath(import.meta.url)), '..');

let outDir = '';
let server: PreviewServer | null = null;
let base = '';

test.beforeAll(async () => {
  test.setTimeout(120_000);
  outDir = mkdtempSync(join(tmpdir(), 'ruleyard-states-'));
  const input = join(FRONTEND, 'states.html');
  const common = { root: FRONTEND, configFile: join(FRONTEND, 'vite.config.ts'), logLevel: 'error' } as const;
  await build({ ...common, build: { outDir, emptyOutDir: true, minify: false, rolldownOptions: { input } } });
  server = await preview({
    ...common,
    build: { outDir },
    preview: { port: 0, host: '127.0.0.1' },
  });
  base = server.resolvedUrls?.local[0] ?? '';
});

test.afterAll(async () => {
  await server?.close();
  rmSync(outDir, { recursive: true, force: true });
});

/** Opens the page; everything that it asks for must be its own files. */
async function show(page: Page, search: string): Promise<string[]> {
  const strangers: string[] = [];
  page.on('request', (request) => {
    const { origin, pathname } = new URL(request.url());
    const own = origin === new URL(base).origin && !pathname.startsWith('/api');
    if (!own && request.url().startsWith('http')) strangers.push(request.url());
  });
  await page.goto(`${base}states.html?${search}`);
  await expect(page.locator('[data-section="places"]')).toBeVisible();
  return strangers;
}

for (const scheme of ['light', 'dark'] as const) {
  test(`every state is accessible in ${scheme} colours`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    const strangers = await show(page, `scheme=${scheme}`);
    await expect(page.locator('[data-card]')).toHaveCount(32);
    for (const light of ['true', 'false', 'unknown', 'error'])
      await expect(
        page.locator(`[data-section="conditions"] [data-row] [data-lamp="${light}"]`).first(),
      ).toBeVisible();
    await expectAccessible(page);
    expect(strangers).toEqual([]);
  });
}

for (const dialog of ['remove', 'json', 'confirm'])
  test(`the dialog “${dialog}” is accessible`, async ({ page }) => {
    await show(page, `dialog=${dialog}&scheme=dark`);
    await expect(page.getByRole('dialog')).toBeVisible();
    if (dialog === 'json') await expect(page.getByRole('dialog').getByRole('textbox')).toBeVisible();
    await expectAccessible(page, '[role="dialog"]');
  });

test('other colours are there in one frame, at every depth, where less motion is asked for', async ({
  page,
}) => {
  await show(page, 'dialog=remove&scheme=light');
  await expect(page.getByRole('dialog')).toBeVisible();
  const black = await page.evaluate(() => {
    const root = document.documentElement;
    const parts = [...document.querySelectorAll('[role="dialog"], [role="dialog"] *')];
    for (const part of parts) getComputedStyle(part).color; // The light frame is drawn before the dark one comes.
    root.setAttribute('data-mantine-color-scheme', 'dark');
    return parts.filter((part) => getComputedStyle(part).color === 'rgb(0, 0, 0)').length;
  });
  expect(black).toBe(0);
});

test('the states speak the language that is asked for', async ({ page }) => {
  await show(page, 'lang=ru');
  await expect(page.locator('html')).toHaveAttribute('lang', 'ru');
  await expect(page.locator('[data-section="kinds"]')).toContainText('Если');
});
