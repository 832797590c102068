import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { STATE_FILE, URL } from './e2e/support/place';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * Of the browser. With each page of ours it would load two of its own for its address bar, half of what a page costs; the
 * rest is what Playwright itself leaves out, whose list this one takes the place of.
 */
const NOT_WANTED = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
];

/** Path of an installed Chromium or Chrome: CHROMIUM_PATH first, then PATH, then the usual places. */
function browserPath(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = [
    process.env['CHROMIUM_PATH'],
    '/usr/bin/chromium',
    ...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ];
  for (const path of candidates) {
    if (!path) continue;
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here: try the next place.
    }
  }
  throw new Error('No Chromium or Chrome was found. Install one, or set CHROMIUM_PATH to its executable.');
}

export default defineConfig({
  testDir: './e2e',
  globalSetup: './e2e/support/start-product.ts',
  workers: 1,
  fullyParallel: false,
  timeout: 45_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  // On a machine that others share, the browser is now and then late by seconds. What passes only the second time is told
  // as flaky, with what it saw, in the summary; `--retries 0` finds such tests.
  retries: 1,
  reporter: [['list']],
  outputDir: 'test-results',
  projects: [
    // Makes the administrator and leaves the cookies that the other specs begin with.
    { name: 'welcome', testMatch: 'welcome.spec.ts' },
    {
      name: 'screens',
      testMatch: '**/*.spec.ts',
      testIgnore: ['welcome.spec.ts', 'pictures.spec.ts'],
      dependencies: ['welcome'],
      use: { storageState: STATE_FILE },
    },
    ...(process.env['RULEYARD_PICTURES']
      ? [
          {
            name: 'pictures',
            testMatch: 'pictures.spec.ts',
            dependencies: ['welcome'],
            use: { storageState: STATE_FILE },
          },
        ]
      : []),
  ],
  use: {
    baseURL: URL,
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    // What opens is there at once; nothing is drawn on the way.
    reducedMotion: 'reduce',
    screenshot: 'only-on-failure',
    // A picture and the page's outline tell of a failure; recording everything costs a third of the time.
    trace: process.env['RULEYARD_TRACE'] ? 'retain-on-failure' : 'off',
    launchOptions: {
      executablePath: browserPath(),
      // A browser whose locale knows no Korean calls such a file "download".
      env: { ...(process.env as Record<string, string>), LC_ALL: 'C.UTF-8' },
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        `--disable-features=${NOT_WANTED.join(',')}`,
      ],
    },
  },
});
