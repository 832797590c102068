/** A form changes the field that one changes, and nothing else that the step holds; one undo gives it back. */
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { useTranslation } from 'react-i18next';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { useWords } from '../canvas/words';
import { startI18n, withWords } from '../i18n';
import { isObject, type JSONObject } from '../model/json';
import type { RuleNode } from '../model/rule';
import { renderInApp } from '../ui/renderInApp';

const SOON = { timeout: 20_000 };
const v = (path: string): JSONObject => ({ var: path });
const SOME = { if: [v('after.vip'), 'a', 'b'] };

const PEOPLE = ['ann', { person: 'bob', weight: v('after.turns') }];
const GIVEN = {
  people: PEOPLE,
  by: 'least_busy',
  connection: 'crm',
  table: 'public.leads',
  key: { id: v('after.lead') },
  column: 'owner',
  taken: 'keep',
  rotation: 'team',
  away: ['ann', v('steps.f.output.names')],
  count_table: 'public.tasks',
  count_column: 'who',
  count_where: { done: [false], status: ['new', null], kind: SOME },
};
const FOUND = {
  connection: 'crm',
  table: 'public.tasks',
  where: { if: [v('record.done'), true, false] },
  order: { column: 'gone', direction: 'desc' },
  limit: 50,
  columns: ['id', 'gone'],
  totals: { all: { sum: 'hours' }, most: { max: 'gone' } },
};
const REPORT = {
  title: SOME,
  format: 'pdf',
  connection: 'crm',
  table: 'public.tasks',
  where: { if: [v('record.done'), true, false] },
  order: { column: 'gone' },
  limit: 70,
  columns: [{ key: 'id' }, { key: 'team.name', label: 'Team' }],
  zone: 'Asia/Seoul',
};
const MAIL = {
  connection: 'away',
  to: ['a@example.com', v('after.email')],
  cc: ['b@example.com', SOME],
  reply_to: SOME,
  subject: 'Hello',
  body: SOME,
  html: { if: [v('after.vip'), '<b>A</b>', 'B'] },
  attachments: [v('steps.gone.output.report'), SOME],
};
const ASKED = {
  to: ['kim@example.com', 'publisher', v('related.owner_id.email')],
  question: SOME,
  details: 'Soon',
  at_most: { amount: 3, unit: 'days' },
  remind: { amount: 1, unit: 'days', times: 2 },
  comment: 'on_refusal',
};
const QUEUED = {
  list: SOME,
  phone: SOME,
  country: '82',
  name: 'Kim',
  note: SOME,
  priority: 2,
  due: { date_add: [v('now'), 1, 'days'] },
  until: SOME,
  again: 'add',
};
const MOST = { amount: 3, unit: 'days' };

const action = (kind: string, fields: JSONObject): RuleNode => ({
  id: 's',
  kind: 'action',
  do: kind,
  fields,
});

type Case = {
  readonly node: RuleNode;
  /** The field that is typed into, by its label, and what. */
  readonly label: string;
  readonly type: string;
  /** What the step holds then beside what it held: in its fields, or in the step itself where it has none. */
  readonly now: JSONObject;
};

const CASES: Readonly<Record<string, Case>> = {
  assign: { node: action('assign', GIVEN), label: 'Shared turns', type: 'all', now: { rotation: 'all' } },
  'a person of assign': {
    node: action('assign', { ...GIVEN, column: 'free' }),
    label: 'Person 1',
    type: 'eve',
    now: { people: ['eve', PEOPLE[1] ?? null] },
  },
  find_records: {
    node: action('find_records', FOUND),
    label: 'Keep at most',
    type: '60',
    now: { limit: 60 },
  },
  'a total of find_records': {
    node: action('find_records', { ...FOUND, totals: { all: { sum: 'hours' } } }),
    label: 'Name of the total',
    type: 'sum',
    now: { totals: { sum: { sum: 'hours' } } },
  },
  'the limit of a report': {
    node: action('make_report', REPORT),
    label: 'At most',
    type: '80',
    now: { limit: 80 },
  },
  'a column of a report': {
    node: action('make_report', REPORT),
    label: 'Heading of column 2',
    type: '',
    now: { columns: [{ key: 'id' }, { key: 'team.name' }] },
  },
  'a report of a list': {
    node: action('make_report', { title: 'Calls', rows: SOME, columns: [{ key: 'id' }], limit: 5 }),
    label: 'Title',
    type: 'Visits',
    now: { title: 'Visits' },
  },
  send_email: { node: action('send_email', MAIL), label: 'Subject', type: 'Bye', now: { subject: 'Bye' } },
  ask_approval: {
    node: action('ask_approval', ASKED),
    label: 'At most so many times',
    type: '4',
    now: { remind: { ...ASKED.remind, times: 4 } },
  },
  queue_call: { node: action('queue_call', QUEUED), label: 'Name', type: 'Lee', now: { name: 'Lee' } },
  emit_event: {
    node: action('emit_event', { type: 'paid', data: v('after') }),
    label: 'Type of event',
    type: 'sent',
    now: { type: 'sent' },
  },
  'data of emit_event': {
    node: action('emit_event', {
      type: 'paid',
      data: { tags: ['a', v('after.city')], n: 3, none: null, who: 'x' },
    }),
    label: 'Value of who',
    type: 'y',
    now: { data: { tags: ['a', v('after.city')], n: 3, none: null, who: 'y' } },
  },
  for_each: {
    node: {
      id: 's',
      kind: 'for_each',
      over: { filter: [v('after.lines'), true] },
      at_most: 20,
      on_item_error: 'stop',
      note: 'x',
    },
    label: 'At most this many items',
    type: '30',
    now: { at_most: 30 },
  },
  'wait until': {
    node: {
      id: 's',
      kind: 'wait',
      until: { date_add: [v('now'), 1, 'months'] },
      amount: 2,
      unit: 'hours',
      side: 'after',
      at: '08:00',
      zone: 'Asia/Seoul',
    },
    label: 'How long',
    type: '5',
    now: { amount: 5 },
  },
  'wait for an event': {
    node: { id: 's', kind: 'wait', event: 'paid', where: SOME, sample: [1, null], at_most: MOST },
    label: 'Type of the event',
    type: 'sent',
    now: { event: 'sent' },
  },
  'wait for the record': {
    node: { id: 's', kind: 'wait', logic: SOME, at_most: MOST, off: true },
    label: 'At most',
    type: '9',
    now: { at_most: { amount: 9, unit: 'days' } },
  },
};

beforeAll(async () => {
  await startI18n('en');
  const rooms = ['approval', 'builder', 'desk', 'finding', 'items', 'lamps', 'mailing', 'problems'] as const;
  await withWords(Promise.resolve(), ...rooms, 'reports', 'starting', 'steps', 'waits', 'ways', 'asking');
  vi.stubGlobal('fetch', answer);
  await grips();
}, 60_000);
afterAll(() => vi.unstubAllGlobals());

const column = (name: string, type: string) => ({ name, label: name, type, nullable: true, choices: [] });

/** As little of a server as the forms ask for. */
async function answer({ url }: Request): Promise<Response> {
  const items = /connections$/.test(url)
    ? ['crm', 'shop'].map((name, id) => ({ id: id + 1, name, label: name, kind: 'postgres', used_by: 0 }))
    : /tables$/.test(url)
      ? [{ name: 'public.tasks', label: 'Tasks' }]
      : [];
  const columns = [column('id', 'integer'), column('done', 'boolean'), column('status', 'text')];
  const body = { items, next: null, columns, name: 'public.tasks', label: 'Tasks', events: [] };
  return new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } });
}

test.each(Object.entries(CASES))(
  '%s',
  async (_name, { node, label, type, now }) => {
    const { store, document } = await shown(node);
    const [field] = await screen.findAllByLabelText(label, {}, { timeout: 20_000 });
    if (field === undefined) throw new Error('no such field');
    const before = document();
    fireEvent.change(field, { target: { value: type } });
    const fields = node['fields'];
    const after = isObject(fields) ? { ...node, fields: { ...fields, ...now } } : { ...node, ...now };
    await waitFor(() => expect(document()).toEqual(after), SOON);
    fireEvent.blur(field);
    expect(document()).toEqual(after);
    const { travel } = await import('./store');
    act(() => travel(store, 'undo'));
    expect(document()).toEqual(before);
  },
  60_000,
);

test('what only JSON says is told', async () => {
  await shown(CASES['assign']?.node ?? action('assign', {}));
  const said = await screen.findByText(/^Set in JSON as well/, {}, { timeout: 20_000 });
  expect(said.textContent).toBe('Set in JSON as well, and kept: Connection, Table, and Record.');
});

/** Opens a list by its label and takes one of what it offers. */
async function choose(label: string, option: string): Promise<void> {
  const input = await screen.findByLabelText(label, { selector: 'input' }, SOON);
  fireEvent.click(input);
  const offered = () => document.getElementById(input.getAttribute('aria-controls') ?? '');
  const named = () =>
    [...(offered()?.querySelectorAll('[role="option"]') ?? [])].find((one) => one.textContent === option);
  await waitFor(() => expect(named()).toBeTruthy(), SOON);
  fireEvent.click(named() ?? input);
}

test('work is counted in another table, by a field of its own', async () => {
  const { count_table: _table, count_column: _column, count_where: _where, ...given } = GIVEN;
  const { document: step } = await shown(action('assign', { ...given, connection: 'shop' }));
  await choose('Where their work is counted', 'Tasks');
  const fields = { ...given, connection: 'shop', count_table: 'public.tasks', count_column: '' };
  await waitFor(() => expect(step()).toEqual(action('assign', fields)), SOON);
  await choose('Count only where…', 'done');
  await choose('Values of done', 'no');
  const counted = { ...fields, count_where: { done: [false] } };
  await waitFor(() => expect(step()).toEqual(action('assign', counted)), SOON);
  fireEvent.click(screen.getByLabelText('or without a value in done'));
  const empty = { ...fields, count_where: { done: [false, null] } };
  await waitFor(() => expect(step()).toEqual(action('assign', empty)), SOON);
}, 60_000);

test('a column that is moved by key takes the keyboard along', async () => {
  const { document: step } = await shown(
    action('make_report', { ...REPORT, columns: ['a', 'b', 'c'].map((key) => ({ key })) }),
  );
  const grip = () => [...document.querySelectorAll<HTMLElement>('[data-grip]')];
  await waitFor(() => expect(grip()).toHaveLength(3), { timeout: 20_000 });
  const keys = () => {
    const fields = step()?.['fields'];
    const columns = isObject(fields) ? fields['columns'] : null;
    return Array.isArray(columns) ? columns.map((one) => isObject(one) && one['key']).join('') : '';
  };
  grip()[0]?.focus();
  for (const order of ['bac', 'bca']) {
    fireEvent.keyDown(document.activeElement ?? document.body, { key: 'ArrowDown' });
    await waitFor(() => expect(keys()).toBe(order), SOON);
  }
  expect(document.activeElement).toBe(grip()[2]);
}, 60_000);

test('people come back as names when choosing a field is undone', async () => {
  const { store } = await shown(action('ask_approval', { ...ASKED, to: ['kim@example.com'], question: 'x' }));
  const field = await screen.findByText('A field of the record', {}, { timeout: 20_000 });
  const pill = () => document.querySelector('.mantine-Pill-label')?.textContent;
  expect(pill()).toBe('kim@example.com');
  fireEvent.click(field);
  await waitFor(() => expect(pill()).toBeUndefined(), SOON);
  const { travel } = await import('./store');
  act(() => travel(store, 'undo'));
  await waitFor(() => expect(pill()).toBe('kim@example.com'), SOON);
  expect(screen.queryByText('["kim@example.com"]')).toBeNull();
}, 60_000);

test('a record found by its key is told, and values are shown as the columns show them', async () => {
  const fields = { connection: 'crm', table: 'public.leads', key: { id: 7 } };
  const { store } = await shown(action('update_record', { ...fields, set: { status: { cat: 'in_hand' } } }));
  const said = await screen.findByText(/found by its key/, {}, SOON);
  expect(said.textContent).toBe('Changes the record of Leads that is found by its key.');
  act(() => store.setState(({ testing }) => ({ testing: { ...testing, record: { id: 1 } } })));
  await waitFor(
    () => expect(document.querySelector('[data-preview]')?.textContent).toMatch(/Status: In hand$/),
    SOON,
  );
}, 60_000);

/** The form of one step, in a rule of its own. */
async function shown(node: RuleNode) {
  // The client keeps the fetch that it finds when it is loaded.
  const [{ SampleRoom }, { SUBJECT }, { BuilderGrip, FormOf }] = await Promise.all([
    import('../states/SampleRoom'),
    import('../states/samples'),
    grips(),
  ]);
  const trigger = {
    id: 't',
    kind: 'trigger',
    on: 'change',
    connection: 'crm',
    table: 'public.leads',
    events: ['update'],
  };
  const grip: { store: import('./store').BuilderStore | null } = { store: null };
  function Room() {
    const { i18n } = useTranslation();
    const words = useWords(SUBJECT.tables);
    return (
      <SampleRoom
        key={i18n.language}
        words={words}
        dialog={null}
        document={{ dialect: 1, name: 'r', nodes: [trigger, node], edges: [['t', 's']] }}
      >
        <BuilderGrip grip={grip} />
        <FormOf />
      </SampleRoom>
    );
  }
  renderInApp(<Room />);
  const { store } = grip;
  if (store === null) throw new Error('no builder');
  const { nodeIn } = await import('../canvas/board');
  return { store, document: () => nodeIn(store.getState().history.present, 's') };
}

/** Inside the room: the store to look at, and the form of the step as it is. */
async function grips() {
  const [{ useBuilderStore, useOpened }, { nodeIn }, { FormPlaces }, { ActionForm }, { EachForm }, wait] =
    await Promise.all([
      import('./store'),
      import('../canvas/board'),
      import('./FormPlaces'),
      import('./ActionForm'),
      import('./EachForm'),
      import('./WaitForm'),
    ]);
  const WaitForm = wait.default;
  function BuilderGrip({ grip }: { grip: { store: import('./store').BuilderStore | null } }) {
    grip.store = useBuilderStore();
    return null;
  }
  function FormOf() {
    const node = nodeIn(useOpened(), 's');
    if (!node) return null;
    return (
      <FormPlaces step="s" problems={[]}>
        {node.kind === 'action' ? (
          <ActionForm node={node} />
        ) : node.kind === 'wait' ? (
          <WaitForm node={node} />
        ) : (
          <EachForm node={node} />
        )}
      </FormPlaces>
    );
  }
  return { BuilderGrip, FormOf };
}
