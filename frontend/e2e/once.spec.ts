/** A rule that runs once for each record: chosen at its start, told before it goes on, and seen in its runs. */
import { api, card, newRule, ruleOnLeads, saved } from './support/builder';
import { expect, expectAccessible, own, sql, test } from './support/house';

test('a rule runs once for each record, and says so of what comes again', async ({ page }) => {
  const city = own('Onceville');
  const email = `${own('once-spec')}@example.test`;
  sql(`insert into leads (first_name, last_name, email, source, consent, status, city)
    values ('Ona', 'Once', '${email}', 'referral', true, 'new', '${city}')`);
  const greeting = ruleOnLeads({
    name: own('Greet once'),
    logic: { '===': [{ var: 'after.city' }, city] },
    title: 'Greet them',
  });
  const rule = await newRule(page, greeting);
  await card(page, 't').getByRole('button').first().click();
  const often = page.getByRole('combobox', { name: 'For each record' });
  await expect(often).toHaveValue('Run every time');
  await often.click();
  await page.getByRole('option', { name: 'Run once', exact: true }).click();
  await expect(page.getByText('A record that had a run gets no other.')).toBeVisible();
  await saved(page);
  await expectAccessible(page, '[data-panel]');

  await page.getByRole('button', { name: 'Turn on' }).click();
  const review = page.getByRole('dialog');
  await expect(review.getByText('At most once for each record.')).toBeVisible();
  await review.getByRole('button', { name: 'Turn on' }).click();
  await expect(review).toHaveCount(0);

  const runs = async () => (await api(page, 'GET', `/runs?rule_id=${rule}`)).items as { state: string }[];
  const states = async () => (await runs()).map((run) => run.state).sort();
  sql(`update leads set attempts = attempts + 1 where email = '${email}'`);
  await expect.poll(states, { timeout: 20_000 }).toEqual(['succeeded']);
  sql(`update leads set attempts = attempts + 1 where email = '${email}'`);
  await expect.poll(states, { timeout: 20_000 }).toEqual(['skipped', 'succeeded']);

  await page.goto(`/runs?rule=${rule}`);
  const skipped = page
    .getByRole('row')
    .filter({ hasText: 'Did not match' })
    .or(page.getByRole('row').filter({ hasText: 'Skipped' }));
  await skipped.first().getByRole('link').first().click();
  await expect(
    page.getByText(/This rule runs once for each record: run \d+ was for this one\./).first(),
  ).toBeVisible();
});
