/** Every screen as people of any language and any eyes meet it: what opens on it, what goes wrong on it, its words. */
import type { Page } from '@playwright/test';
import { api, newRule, RULE } from './support/builder';
import { expect, expectAccessibleInBoth, test } from './support/house';

const SCREENS = ['/templates', '/why', '/settings?tab=storage', '/nowhere'] as const;

type Opening = readonly [what: string, path: string, open: (page: Page) => Promise<void>];

/** Everything that opens over a screen; each is held while it is open. */
const OPENINGS: readonly Opening[] = [
  ['the account menu', '/rules', (page) => page.locator('nav button[aria-haspopup="menu"]').click()],
  ['the bell', '/rules', (page) => page.getByRole('button', { name: /^Notifications/ }).click()],
  ['the search', '/rules', (page) => page.keyboard.press('Control+k')],
  ['the help', '/rules', (page) => page.keyboard.press('?')],
  [
    'the menu of a rule',
    '/rules',
    (page) => page.locator('main table [aria-haspopup="menu"]').first().click(),
  ],
  [
    'a new connection',
    '/connections',
    (page) => page.getByRole('button', { name: 'Add connection' }).click(),
  ],
  ['a new key', '/settings?tab=keys', (page) => page.getByRole('button', { name: 'New key' }).click()],
  [
    'a new person',
    '/settings?tab=people',
    (page) => page.getByRole('button', { name: 'Add a person' }).click(),
  ],
];

async function settle(page: Page): Promise<void> {
  await expect(page.getByRole('heading').first()).toBeVisible();
  await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0);
}

test.describe('in light and dark colours', () => {
  test.use({ reducedMotion: 'reduce' });

  // One page for all of them: each new one would load everything again.
  async function at(page: Page, path: string): Promise<void> {
    await page.goto(path);
    await settle(page);
  }

  test(`${SCREENS.join(', ')} are accessible`, async ({ page }) => {
    for (const path of SCREENS) {
      await test.step(path, async () => {
        await at(page, path);
        await expectAccessibleInBoth(page);
      });
    }
  });

  for (const [where, openings] of [
    ['over the rules', OPENINGS.filter(([, path]) => path === '/rules')],
    ['elsewhere', OPENINGS.filter(([, path]) => path !== '/rules')],
  ] as const) {
    test(`what opens ${where} is accessible while it is open`, async ({ page }) => {
      // Several screens, each held in both colours.
      test.setTimeout(90_000);
      for (const [what, path, open] of openings) {
        await test.step(what, async () => {
          await at(page, path);
          await open(page);
          await expect(page.locator('[role="dialog"], [role="menu"]').first()).toBeVisible();
          await expectAccessibleInBoth(page);
        });
      }
    });
  }

  test('a page that could not be loaded is accessible', async ({ page, allowed }) => {
    allowed.push(/500/);
    await page.route('**/api/v1/runs?**', (route) => route.fulfill({ status: 500, body: '{}' }));
    await page.goto('/runs');
    await expect(page.getByRole('alert')).toBeVisible({ timeout: 20_000 });
    await expectAccessibleInBoth(page);
  });

  test('an empty list is accessible', async ({ page }) => {
    await page.goto('/runs?state=cancelled');
    await settle(page);
    await expectAccessibleInBoth(page);
  });
});

test('whoever wants no motion gets none', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await newRule(page, { ...RULE, name: 'Still' });
  await page.locator('[data-card="n"] button').first().click();
  await expect(page.locator('[data-panel]')).toBeVisible();
  const moving = await page.evaluate(() =>
    document
      .getAnimations()
      .filter((one) => Number(one.effect?.getComputedTiming().duration ?? 0) > 20)
      .map((one) => (one.effect instanceof KeyframeEffect ? one.effect.target?.className : '')),
  );
  expect(moving).toEqual([]);
});

/** Latin words that stay Latin in every language: names, keys, units, and what people type. */
const NAMES = new Set(
  `ruleyard json api smtp http https webhook webhooks postgresql ctrl shift alt esc enter home end del delete
   backspace cron utc sql csv url id email mail e name kim minji english react flow wal ry example test com org
   crm post get up cli local inbox call again`.split(/\s+/),
);
/** What the server says in English to programs; a screen has words of its own for it. */
const SAID = new Set(['message', 'detail', 'title', 'sentence', 'why_not', 'error', 'label', 'reason']);

function collect(value: unknown, key: string, into: Set<string>): void {
  if (typeof value === 'string') {
    if (!SAID.has(key) || !value.includes(' ')) for (const word of wordsIn(value)) into.add(word);
  } else if (Array.isArray(value)) for (const one of value) collect(one, key, into);
  else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value)) {
      for (const word of wordsIn(name)) into.add(word);
      // What somebody wrote into a rule is theirs, whatever its field is called.
      collect(inner, key === 'document' || name === 'document' ? 'document' : name, into);
    }
}

function wordsIn(text: string): string[] {
  return text
    .split(/[^A-Za-z]+/)
    .filter((word) => word.length > 2)
    .map((word) => word.toLowerCase());
}

test.describe('in Russian', () => {
  test.use({ locale: 'ru-RU' });

  test('every word of every screen is Russian, or a name, or data', async ({ page }) => {
    test.setTimeout(90_000);
    const data = new Set<string>();
    let read: Promise<void>[] = [];
    page.on('response', (response) => {
      // The stream never ends, so there is no body of it to wait for.
      if (!response.url().includes('/api/v1/') || response.url().endsWith('/stream')) return;
      const body = response.json().catch(() => null);
      read.push(body.then((value: unknown) => collect(value, '', data)));
    });
    await page.addInitScript(() => localStorage.setItem('ruleyard.language', 'ru'));
    const rules = (await api(page, 'GET', '/rules?search=Rescue')).items;
    const paths = [
      '/rules',
      `/rules/${rules[0].id}`,
      `/rules/${rules[0].id}?step=tell`,
      `/rules/${rules[0].id}/versions`,
      '/runs',
      '/dashboard',
      '/data',
      '/data?table=public.leads',
      '/connections',
      '/templates',
      '/settings',
      '/settings?tab=people',
      '/settings?tab=keys',
      '/settings?tab=audit',
      '/settings?tab=storage',
      '/inbox',
      '/nowhere',
    ];
    const foreign: string[] = [];
    for (const path of paths) {
      await page.goto(path);
      await expect(page.getByRole('status', { name: 'Загрузка' })).toHaveCount(0);
      await page.waitForLoadState('networkidle');
      await Promise.all(read);
      read = [];
      const texts = await page.evaluate(() => {
        const found: string[] = [];
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          const at = node.parentElement;
          // What a library lays out of sight to measure with, or says of itself, is nobody's to read.
          if (!at || at.closest('script, style, code, pre, kbd, [data-as-is]')) continue;
          if (node.nodeValue?.trim()) found.push(node.nodeValue.trim());
        }
        for (const one of document.querySelectorAll(
          ':is([aria-label], [title], [placeholder]):not([aria-hidden="true"], .react-flow__attribution *)',
        ))
          for (const name of ['aria-label', 'title', 'placeholder'])
            if (one.getAttribute(name)) found.push(one.getAttribute(name) ?? '');
        return found;
      });
      // A text that was cut short may end in half a word.
      for (const text of texts)
        if (wordsIn(text.replace(/\w+…$/, '')).some((word) => !NAMES.has(word) && !data.has(word)))
          foreign.push(`${path}: ${text}`);
    }
    expect([...new Set(foreign)]).toEqual([]);
  });
});
