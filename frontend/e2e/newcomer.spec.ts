/** From the welcome link of a fresh product to a rule that ran, by keyboard alone, as the tour leads. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, expectAccessible, test } from './support/house';
import { Keyboard } from './support/keys';
import { ADMIN, freePort } from './support/place';
import { startHere } from './support/start-product';

const THREE_MINUTES_MS = 180_000;
/** Most of them are letters; a person presses two or three in a second. */
const MOST_PRESSES = 300;

// The product of this spec ends before its page does.
test.use({ allowed: [/ERR_CONNECTION_REFUSED/], storageState: { cookies: [], origins: [] } });
// Three minutes for the path, one for the product to start and end.
test.setTimeout(THREE_MINUTES_MS + 60_000);

test('a newcomer makes a rule that runs in three minutes, without a mouse', async ({ page }, info) => {
  const folder = mkdtempSync(join(tmpdir(), 'ruleyard-newcomer-'));
  const port = freePort();
  const product = await startHere(join(folder, 'data'), port, '--no-simulator');
  try {
    const begun = Date.now();
    const keys = new Keyboard(page);
    await page.goto(`http://127.0.0.1:${port}/welcome?token=${product.token}`);
    await keys.tabTo(page.getByLabel('Your name'));
    await keys.type(ADMIN.name);
    await keys.press('Tab');
    await keys.type(ADMIN.email);
    await keys.press('Tab');
    await keys.type(ADMIN.password);
    await keys.press('Enter');

    const tour = page.locator('[data-tour-card]');
    const next = (step: string) => expect(tour).toHaveAttribute('data-next', step);
    await keys.tabTo(page.getByRole('button', { name: 'Start the tour' }));
    await keys.press('Enter');
    await expectAccessible(page, '[data-tour-card]');
    await keys.tabTo(tour.getByRole('button', { name: 'Take me there' }));
    await keys.press('Enter');
    await expect(page.getByRole('button', { name: 'New rule' })).toBeFocused();
    await keys.press('Enter');

    const steps = page.getByRole('dialog').getByRole('combobox', { name: 'Search steps' });
    await keys.choose(page.getByRole('combobox', { name: 'What starts this rule?' }), 'A field changes');
    const table = page.getByRole('combobox', { name: 'Records of' });
    await keys.tabTo(table);
    await keys.type('Leads');
    await keys.press('Enter');
    const field = page.getByRole('combobox', { name: 'Which field' });
    await keys.tabTo(field);
    await keys.type('Status');
    await keys.press('Enter', 'Escape');
    const to = page.getByRole('combobox', { name: 'Changes to' });
    await keys.tabTo(to);
    await keys.choose(to, 'Callback');
    await next('if');

    await keys.press('Escape', 'n');
    await expect(steps).toBeFocused();
    await keys.type('if');
    await keys.press('Enter');
    const about = page.getByRole('combobox', { name: 'Field', exact: true });
    await keys.tabTo(about);
    await keys.type('Attempts');
    await keys.press('Enter');
    const comparison = page.getByRole('combobox', { name: 'Comparison' });
    await keys.tabTo(comparison);
    await keys.choose(comparison, 'is at least');
    await keys.tabTo(page.getByRole('textbox', { name: 'Value', exact: true }));
    await keys.type('1');
    await next('do');

    await keys.press('Escape', 'n');
    await expect(steps).toBeFocused();
    await keys.type('notify');
    await keys.press('Enter');
    const title = page.getByRole('textbox', { name: 'Message', exact: true });
    await keys.tabTo(title);
    await keys.type('Please call back');
    await next('test');

    await keys.press('Escape', 't');
    await next('on');
    await keys.tabTo(page.getByRole('button', { name: 'Turn on' }));
    await keys.press('Enter');
    const confirm = page.getByRole('dialog').getByRole('button', { name: 'Turn on' });
    await keys.tabTo(confirm);
    await keys.press('Enter');
    await next('run');

    await keys.tabTo(tour.getByRole('button', { name: 'Make a lead ask for a call' }));
    await keys.press('Enter');
    const see = tour.getByRole('link', { name: 'See the run' });
    await keys.tabTo(see);
    await keys.press('Enter');
    await expect(page.getByText('Status changed from', { exact: false })).toBeVisible();

    const took = Date.now() - begun;
    const told = `A newcomer's first rule ran after ${(took / 1000).toFixed(1)} s and ${keys.presses} key presses.`;
    info.annotations.push({ type: 'newcomer', description: told });
    process.stdout.write(`${told}\n`);
    expect(keys.presses).toBeLessThan(MOST_PRESSES);
  } finally {
    await product.end();
    rmSync(folder, { recursive: true, force: true });
  }
});
