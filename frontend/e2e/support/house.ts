/** What every spec uses: a page that must keep its console clean, SQL on the demo database, axe. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { type APIRequestContext, test as base, expect, type Locator, type Page } from '@playwright/test';
import { HOME } from './place';

export { expect };

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** The rules that every product begins with; whatever comes later a test has made. */
const FIRST = readdirSync(join(ROOT, 'backend/src/ruleyard/demo/rules')).length;

/** Archives what the test made, which turns it off, too: no test meets another's rules. */
async function archiveMade(request: APIRequestContext): Promise<void> {
  const rules = await request.get('/api/v1/rules?limit=100');
  if (!rules.ok()) return; // Nobody is signed in.
  const { csrf } = await (await request.get('/api/v1/session')).json();
  const { items } = await rules.json();
  for (const { id } of items)
    if (id > FIRST) await request.delete(`/api/v1/rules/${id}`, { headers: { 'X-CSRF-Token': csrf } });
}

/** Refusals that a test provokes on purpose appear as "Failed to load resource": allow them one by one. */
export const test = base.extend<{
  allowed: RegExp[];
  keeps: boolean;
  cleanConsole: undefined;
  tidy: undefined;
}>({
  allowed: [[], { option: true }],
  /** The file's tests share what they make. */
  keeps: [false, { option: true }],
  tidy: [
    async ({ request, keeps }, use) => {
      await use(undefined);
      if (!keeps) await archiveMade(request);
    },
    { auto: true },
  ],
  // Made after `tidy`, so it judges first: what an open page says of rules that are taken from it is no fault of the test.
  cleanConsole: [
    async ({ page, allowed }, use) => {
      const faults: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(`${message.text()} ${message.location().url}`);
      });
      page.on('pageerror', (error) => faults.push(error.message));
      await use(undefined);
      expect(faults.filter((fault) => !allowed.some((pattern) => pattern.test(fault)))).toEqual([]);
    },
    { auto: true },
  ],
});

/** Waits 20 s at most; then it tells who holds what the statement waits for. */
const RUN_SQL = `
import asyncio, asyncpg, json, sys
HELD = """select a.pid, a.usename, a.application_name, a.state, now() - a.xact_start as open_for, a.wait_event,
    pg_blocking_pids(a.pid) as waits_for, left(a.query, 200) as query
  from pg_stat_activity a where a.datname = current_database() and a.xact_start is not null"""
async def main(url, statement):
    connection = await asyncpg.connect(url, timeout=20)
    try:
        await connection.execute(statement, timeout=20)
    except TimeoutError:
        other = await asyncpg.connect(url, timeout=20)
        held = "\\n".join(str(dict(row)) for row in await other.fetch(HELD, timeout=20))
        sys.exit("Not done within 20 s: " + statement + "\\n" + held)
    finally:
        connection.terminate()
asyncio.run(main(json.load(open(sys.argv[1]))[sys.argv[3]], sys.argv[2]))
`;

/** Runs SQL on the demo's CRM as the company's own program would (or its owner): plain SQL, not through Ruleyard. */
export function sql(
  statement: string,
  who: 'crm_app_url' | 'crm_url' | 'database_url' = 'crm_app_url',
): void {
  const instance = join(HOME, 'data', 'up.json');
  const words = ['-c', RUN_SQL, instance, statement, who];
  execFileSync(join(ROOT, '.venv/bin/python'), words, { cwd: ROOT, timeout: 70_000 });
}

/** Clicks a switch where a person does: on its track, once nothing lies over it. */
export async function flip(power: Locator): Promise<void> {
  await power.locator('xpath=following-sibling::*[1]').click();
}

/** How often this was done before in this product (`--repeat-each`, a second try): a number of its own. */
export function round(): number {
  const { repeatEachIndex, retry } = test.info();
  return repeatEachIndex + retry * 100;
}

/** A name of this repetition's own, so that data of the ones before do not count. */
export function own(name: string): string {
  return round() === 0 ? name : `${name}${round()}`;
}

const LEVELS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Legacy mode judges in the page itself: we show nothing of ours in frames, and it takes a third less time. */
const judge = (page: Page) => new AxeBuilder({ page }).setLegacyMode(true);

/** No violation of WCAG 2.2 AA on the page as it is now, or (quicker) in the part that changed since. */
export async function expectAccessible(page: Page, within?: string): Promise<void> {
  const axe = judge(page).withTags(LEVELS);
  await expectNone(page, within === undefined ? axe : axe.include(within));
}

/** Enough contrast in one part, for a page whose other rules were held in the other colours. */
export async function expectContrast(page: Page, within: string): Promise<void> {
  await expectNone(page, judge(page).withRules(['color-contrast']).include(within));
}

/** The page as it is now, in light colours and then in dark ones, where colours alone are other. */
export async function expectAccessibleInBoth(page: Page): Promise<void> {
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await expectContrast(page, 'body');
  await page.emulateMedia({ colorScheme: 'light' });
}

/** What moves and ends has ended, and the page knows its colours: axe judges what a person sees, not a frame on the way. */
async function settle(page: Page): Promise<void> {
  await expect(page.locator('html[data-mantine-color-scheme]')).toHaveCount(1);
  await expect
    .poll(() =>
      page.evaluate(
        () =>
          document
            .getAnimations()
            .filter(
              (one) => one.playState === 'running' && one.effect?.getComputedTiming().endTime !== Infinity,
            ).length,
      ),
    )
    .toBe(0);
}

async function expectNone(page: Page, axe: AxeBuilder): Promise<void> {
  await settle(page);
  const found = await axe.analyze();
  const told = found.violations.map((one) => ({
    rule: one.id,
    help: one.help,
    where: one.nodes.slice(0, 5).map((node) => `${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  }));
  expect(told).toEqual([]);
}
