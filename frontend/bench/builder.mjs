/**
 * How quickly the builder answers, with 200 and with 1,000 steps: starts a product of its own, drives Chromium as a
 * person would and prints every gesture beside its budget. `--steps N` (may be said again), `--times N`, `--json FILE`,
 * `--markdown`. A rule of 1,000 steps is beyond what the server keeps (2,000 values): its document is put into the
 * page's answers, and what the page asks the server about it is answered here.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { weights } from '../scripts/sizes.mjs';
import { gestures } from './gestures.mjs';
import { makeRule, signIn, startProduct } from './product.mjs';
import { ruleOf } from './rules.mjs';
import { install } from './stopwatch.mjs';
import { asMarkdown, asText, figuresOf } from './table.mjs';

const MOST_KEPT = 200;
const { values: asked } = parseArgs({
  options: {
    steps: { type: 'string', multiple: true, default: ['200', '1000'] },
    times: { type: 'string', default: '20' },
    json: { type: 'string' },
    markdown: { type: 'boolean', default: false },
  },
});
const say = (line) => process.stderr.write(`${line}\n`);

const BROWSERS = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/google-chrome'];
const executablePath = BROWSERS.find((path) => path && existsSync(path));

/** The page sees a longer document under this rule's address, and every question about it is answered well. */
async function pretend(page, url, id, document) {
  let etag = 1;
  const answer = (route, body) =>
    route.fulfill({ status: 200, contentType: 'application/json', body: JSON.stringify(body) });
  const read = async () => (await page.request.get(`${url}/api/v1/rules/${id}`)).json();
  await page.route(`**/api/v1/rules/${id}`, async (route) => {
    const real = await read();
    return answer(route, { ...real, draft: { ...real.draft, document, etag: `"bench-${etag}"` } });
  });
  await page.route(`**/api/v1/rules/${id}/draft`, async (route) => {
    etag += 1;
    return answer(route, { ...(await read()).draft, problems: [], etag: `"bench-${etag}"` });
  });
  await page.route('**/api/v1/rules/check', (route) => answer(route, { problems: [] }));
}

async function measure(browser, product, steps) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    storageState: product.state,
  });
  const page = await context.newPage();
  const faults = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(error.message));
  await page.addInitScript(install);
  const id = await makeRule(page, product.url, ruleOf(Math.min(steps, MOST_KEPT)));
  if (steps > MOST_KEPT) await pretend(page, product.url, id, ruleOf(steps));
  const found = await gestures(page, `${product.url}/rules/${id}`, Number(asked.times));
  await context.close();
  return { figures: figuresOf(steps, found), faults };
}

function sizeFigures() {
  const { firstKb, laterKb } = weights();
  const row = (what, kb, budget) => ({
    steps: null,
    what,
    unit: 'kB gz',
    p50: kb,
    p95: kb,
    budget,
    holds: kb <= budget,
    times: 1,
  });
  return [row('first load, JavaScript', firstKb, 280), row('biggest later chunk', laterKb, 150)];
}

const product = await startProduct();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const figures = [];
const faults = [];
try {
  const first = await browser.newContext({ locale: 'en-GB' });
  await signIn(await first.newPage(), product);
  product.state = await first.storageState();
  for (const steps of asked.steps.map(Number)) {
    say(`${steps} steps …`);
    const done = await measure(browser, product, steps);
    figures.push(...done.figures);
    faults.push(...done.faults);
  }
} finally {
  await browser.close();
  await product.stop();
}
figures.push(...sizeFigures());
process.stdout.write(`${asked.markdown ? asMarkdown(figures) : asText(figures)}\n`);
process.stdout.write(`Errors in the console: ${faults.length}\n`);
for (const fault of faults.slice(0, 10)) say(`  ${fault}`);
if (asked.json) writeFileSync(asked.json, `${JSON.stringify({ figures, faults }, null, 2)}\n`);
process.exitCode = faults.length > 0 || figures.some((one) => one.holds === false) ? 1 : 0;
