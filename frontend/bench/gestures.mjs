// What a person does in the builder, each timed; every gesture is repeated and leaves the rule as long as it was.

const QUIET_MS = 250;

/** One timed input: milliseconds from the event to the frame that shows what it did. */
async function timed(page, type, view, id, act) {
  await page.evaluate(([name, seen, of]) => window.bench.arm(name, seen, of), [type, view, id]);
  await act();
  const ms = await page.evaluate(() => window.bench.pending);
  if (ms === null) throw new Error(`Nothing was to be seen after ${type} (${view} ${id ?? ''}).`);
  // What follows by itself (a check, saving, panning into view) is not part of the next gesture.
  await page.waitForTimeout(QUIET_MS);
  return ms;
}

/** Cards that are wholly to be seen and are not selected, of one kind where that matters. */
function cardsInView(page, kind) {
  return page.evaluate((tone) => {
    const frame = document.querySelector('#steps').getBoundingClientRect();
    return [
      ...document.querySelectorAll(`[data-card]${tone ? `[data-tone="${tone}"]` : ''}:not([data-selected])`),
    ]
      .filter((one) => {
        const box = one.getBoundingClientRect();
        return (
          box.top > frame.top + 80 &&
          box.bottom < frame.bottom - 20 &&
          box.left > frame.left &&
          box.right < frame.right
        );
      })
      .map((one) => one.dataset.card)
      .filter((id) => id !== 't');
  }, kind);
}

const title = (page, id) => page.locator(`[data-card="${id}"] button[aria-pressed]`);

async function select(page, turn) {
  const ids = await cardsInView(page);
  const id = ids[turn % ids.length];
  return timed(page, 'click', 'chosen', undefined, () =>
    title(page, id).click({ force: true, noWaitAfter: true }),
  );
}

async function repeat(times, act) {
  const found = [];
  for (let turn = 0; turn < times; turn += 1) found.push(await act(turn));
  return found;
}

async function type(page, times) {
  const seen = await cardsInView(page, 'tell');
  const id =
    seen[0] ?? (await page.locator('[data-card][data-tone="tell"]').first().getAttribute('data-card'));
  await title(page, id).scrollIntoViewIfNeeded();
  await title(page, id).click();
  const field = page.locator('[data-panel]').getByRole('textbox', { name: 'Message', exact: true });
  await field.click();
  return repeat(times, (turn) =>
    timed(page, 'keydown', 'text', id, () => page.keyboard.press('abcdefghij'[turn % 10])),
  );
}

/** Adds a step below the selected one and takes it back. */
async function insertAndUndo(page, times) {
  const insert = [];
  const undo = [];
  for (let turn = 0; turn < times; turn += 1) {
    const ids = await cardsInView(page);
    await title(page, ids[0]).click();
    await page.waitForTimeout(QUIET_MS);
    insert.push(
      await timed(page, 'click', 'chosen', undefined, () => page.locator('[data-kind="wait"]').click()),
    );
    const added = await page.evaluate(() => window.bench.chosen());
    await page.keyboard.press('Escape');
    await page.evaluate(() => document.activeElement?.blur());
    undo.push(await timed(page, 'keydown', 'there', added, () => page.keyboard.press('Control+z')));
  }
  return { insert, undo };
}

/** Down and up again, so that the rule stays as it was. */
async function move(page, times) {
  const ids = await cardsInView(page);
  const id = ids[Math.floor(ids.length / 2)];
  await title(page, id).click();
  await page.waitForTimeout(QUIET_MS);
  return repeat(times, (turn) =>
    timed(page, 'keydown', 'spot', id, () =>
      page.keyboard.press(turn % 2 === 0 ? 'Alt+ArrowDown' : 'Alt+ArrowUp'),
    ),
  );
}

/** From going to the address until the start card is painted and the page answers. */
async function load(page, address, times) {
  return repeat(times, async () => {
    await page.goto(address, { waitUntil: 'commit' });
    await page.locator('[data-card="t"]').waitFor();
    const ms = await page.evaluate(
      () =>
        new Promise((resolve) =>
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now()), 0)),
        ),
    );
    await page.waitForTimeout(QUIET_MS);
    return ms;
  });
}

/** Every gesture on one rule; values by its name. */
export async function gestures(page, address, times) {
  const found = { load: await load(page, address, times) };
  await page.locator('[data-save="saved"]').waitFor();
  found.select = await repeat(times, (turn) => select(page, turn));
  found.type = await type(page, times);
  Object.assign(found, await insertAndUndo(page, times));
  found.move = await move(page, times);
  await page.evaluate(() => document.activeElement?.blur());
  found.pan = await repeat(times, (turn) =>
    page.evaluate(([ms, down]) => window.bench.pan(ms, down), [1000, turn % 2 === 0 ? 24 : -24]),
  );
  await page.keyboard.press('l');
  await page.locator('[data-rule-list]').waitFor();
  await page.waitForTimeout(1000);
  found['select in the list'] = await repeat(times, (turn) => select(page, turn));
  found['type in the list'] = await type(page, times);
  return found;
}
