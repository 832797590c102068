/** How the builder's specs make rules, carry steps and ask the server. */
import { expect, type Locator, type Page } from '@playwright/test';

type Spec = {
  readonly name: string;
  readonly logic: object;
  readonly title: unknown;
  readonly columns?: string[];
};

/** When a lead changes, if `logic` holds, then tell everyone. */
export function ruleOnLeads({ name, logic, title, columns }: Spec) {
  const on = { on: 'change', connection: 'crm', table: 'public.leads', events: ['update'] };
  return {
    dialect: 1,
    name,
    nodes: [
      { id: 't', kind: 'trigger', ...on, ...(columns && { columns }) },
      { id: 'c', kind: 'condition', logic },
      { id: 'n', kind: 'action', do: 'notify', fields: { to: 'everyone', title } },
    ] as object[],
    edges: [
      ['t', 'c'],
      ['c', 'n', 'yes'],
    ],
  };
}

export const RULE = ruleOnLeads({
  name: 'Rule',
  logic: { '===': [{ var: 'after.status' }, 'won'] },
  title: { cat: [{ var: 'after.first_name' }, ' was won'] },
});

// biome-ignore lint/suspicious/noExplicitAny: answers of the API, read field by field in the specs
type Answer = any;

/** Asks the API with the page's own cookies, as the person who is signed in. */
export async function api(
  page: Page,
  method: string,
  path: string,
  data?: object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const session = await (await page.request.get('/api/v1/session')).json();
  const answer = await page.request.fetch(`/api/v1${path}`, {
    method,
    headers: { 'X-CSRF-Token': session.csrf, ...headers },
    ...(data === undefined ? {} : { data }),
  });
  const text = await answer.text();
  if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${text}`);
  return text === '' ? null : JSON.parse(text);
}

/** Makes a rule of this document and opens it in the builder. */
export async function newRule(page: Page, document: object): Promise<number> {
  const rule = await api(page, 'POST', '/rules', { document });
  await page.goto(`/rules/${rule.id}`);
  await expect(page.locator('[data-card]').first()).toBeVisible();
  return rule.id;
}

export async function openNew(page: Page, name: string): Promise<void> {
  const rule = await api(page, 'POST', '/rules', { name });
  await page.goto(`/rules/${rule.id}`);
  await expect(page.locator('[data-card]').first()).toBeVisible();
}

export const card = (page: Page, id: string): Locator => page.locator(`[data-card="${id}"]`);
export const slot = (page: Page, name: string): Locator => page.locator(`[data-slot="${name}"]`);

async function middle(locator: Locator): Promise<{ x: number; y: number }> {
  await expect(locator).toBeVisible();
  const box = await locator.boundingBox();
  if (!box) throw new Error('Nothing to carry: it has no place on the page.');
  return { x: box.x + Math.min(box.width / 2, 120), y: box.y + box.height / 2 };
}

/** Carries by mouse and drops near the place, not exactly on it. */
export async function carry(page: Page, from: Locator, to: Locator): Promise<void> {
  const start = await middle(from);
  const end = await middle(to);
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(start.x + 12, start.y + 8, { steps: 3 });
  await page.mouse.move(end.x + 14, end.y + 6, { steps: 8 });
  await page.mouse.up();
}

/** Waits until so many changes of the lead with this address are stored: a page that opens now shows them all. */
export async function changesStored(page: Page, email: string, count: number): Promise<void> {
  const connections: Answer[] = (await api(page, 'GET', '/connections')).items;
  const crm = connections.find(({ name }) => name === 'crm').id;
  const path = `/events?connection_id=${crm}&table=public.leads&limit=100`;
  const stored = async () =>
    (await api(page, 'GET', path)).items.filter((one: Answer) => one.after?.email === email).length;
  await expect.poll(stored, { timeout: 20_000 }).toBe(count);
}

export async function saved(page: Page): Promise<void> {
  await expect(page.locator('[data-save="saved"]')).toBeVisible();
}
