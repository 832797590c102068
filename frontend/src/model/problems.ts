/** What is wrong, by step: what the builder sees at once (something is not filled in) and what the check found. */
import { arity, type Condition, NO_FIELD } from './condition';
import { type Fix, mend, overlap, placeNow, pointerTo } from './fix';
import { documentOf, isRuleNode, nodesOf, type Opened } from './graph';
import { isJSON, isList, isObject, type JSONObject, type JSONValue, objectAt, textAt } from './json';
import { namedPeople } from './people';
import { IN_LOGIC, logicsOf, type Part, partsOf, type Side, sideOf } from './places';
import type { RuleNode } from './rule';
import { isOff } from './switched';
import { atMostOf, waitKind } from './waits';

export type StepProblem = {
  /** A key of the builder's texts (`unfilled`), or the code of a found problem. */
  readonly code: string;
  readonly message: string | null;
  readonly severity: 'error' | 'warning';
  readonly step: string;
  /** Which place of the step, e.g. `fields/to` or `logic/and/1`; '' is the step as a whole. */
  readonly place: string;
  /** Which side of a comparison, where it is one. */
  readonly side: Side | null;
  readonly args: JSONObject;
  readonly fix: Fix | null;
};

export type FoundProblem = {
  readonly code: string;
  readonly path: string;
  readonly message: string;
  readonly severity?: 'error' | 'warning' | undefined;
  readonly node?: string | null | undefined;
  readonly args?: JSONObject | undefined;
  readonly fix?: Fix | null | undefined;
};

type Answered = Omit<FoundProblem, 'args' | 'fix'> & {
  readonly args?: unknown;
  readonly fix?:
    | { readonly label: string; readonly path: string; readonly value?: unknown }
    | null
    | undefined;
};

/** Problems as the server answers them: a fix that says no value puts null. */
export function foundOf(problems: readonly Answered[]): readonly FoundProblem[] {
  return problems.map(({ args, fix, ...problem }) => {
    const value = fix?.value ?? null;
    return {
      ...problem,
      args: isJSON(args) && isObject(args) ? args : {},
      fix: fix && isJSON(value) ? { label: fix.label, path: fix.path, value } : null,
    };
  });
}

type Unfilled = {
  readonly code: string;
  readonly place: string;
  readonly side?: Side | null;
  /** `warning`: it means something, though hardly what was meant. */
  readonly severity?: 'warning';
};

const looked = new WeakMap<RuleNode, readonly Unfilled[]>();

/** What is not filled in in one step; looked up once per value, so that typing in one step looks at that step alone. */
function unfilled(node: RuleNode): readonly Unfilled[] {
  const known = looked.get(node);
  if (known) return known;
  const found = unfilledIn(node);
  looked.set(node, found);
  return found;
}

function unfilledIn(node: RuleNode): Unfilled[] {
  switch (node.kind) {
    case 'trigger':
      return unfilledStart(node);
    case 'condition':
    case 'choose':
      return unfilledLogic(node);
    case 'wait':
      return unfilledWait(node);
    case 'for_each':
      return blank(node['over']) ? [{ code: 'choose-list', place: 'over' }] : [];
    case 'action':
      return [...unfilledAction(textAt(node, 'do'), objectAt(node, 'fields')), ...unfilledLogic(node)];
    default:
      return [];
  }
}

function unfilledWait(node: RuleNode): Unfilled[] {
  const kind = waitKind(node);
  if (kind === 'date') return blank(node['until']) ? [{ code: 'choose-date', place: 'until' }] : [];
  if (kind === 'time') {
    const amount = node['amount'];
    return typeof amount === 'number' && amount > 0 ? [] : [{ code: 'enter-amount', place: 'amount' }];
  }
  return [
    ...(kind === 'event' && textAt(node, 'event') === '' ? [{ code: 'name-event', place: 'event' }] : []),
    ...unfilledLogic(node),
    ...(atMostOf(node).amount > 0 ? [] : [{ code: 'enter-amount', place: 'at_most' }]),
  ];
}

function unfilledLogic(node: RuleNode): Unfilled[] {
  return logicsOf(node).flatMap(({ at, logic }) =>
    partsOf(logic).flatMap((part) => unfilledPart(part, logic, at)),
  );
}

function unfilledStart(node: RuleNode): Unfilled[] {
  const on = textAt(node, 'on');
  const visits = on === 'schedule' && node['table'] !== undefined;
  if (on !== 'change' && on !== 'date' && !visits) return [];
  if (textAt(node, 'table') === '') return [{ code: 'choose-table', place: 'table' }];
  if (visits) return [];
  if (on === 'date') return textAt(node, 'column') === '' ? [{ code: 'choose-date', place: 'column' }] : [];
  const events = node['events'];
  if (!isList(events) || events.length === 0) return [{ code: 'choose-event', place: 'events' }];
  // "A field changes", of which nobody has said which: it would start at every change.
  const columns = node['columns'];
  return isList(columns) && columns.length === 0
    ? [{ code: 'every-field', place: 'columns', severity: 'warning' }]
    : [];
}

function unfilledPart({ part, pointer }: Part, logic: JSONValue, at: string): Unfilled[] {
  const place = `${at}${pointer}`;
  return unfilledRow(part).map((code) => ({ code, place, side: sideOf(logic, place) }));
}

function unfilledRow(part: Condition): string[] {
  if (part.kind === 'group') return part.items.length === 0 ? ['add-condition'] : [];
  if (part.kind === 'advanced') return [];
  if (part.field === null) return ['choose-field'];
  if (part.args.some((arg) => arg.kind === 'field' && arg.path === NO_FIELD)) return ['choose-field'];
  if (part.args.length < arity(part.op)) return [part.op === 'between' ? 'enter-both' : 'enter-value'];
  return outOfOrder(
    part.op,
    part.args.map((arg) => (arg.kind === 'value' ? arg.value : null)),
  );
}

function outOfOrder(op: string, [low, high]: JSONValue[]): string[] {
  return op === 'between' && typeof low === 'number' && typeof high === 'number' && low > high
    ? ['first-larger']
    : [];
}

const blank = (value: JSONValue | undefined): boolean =>
  value === undefined || value === null || value === '' || (isList(value) && value.length === 0);

function unfilledAction(kind: string, fields: JSONObject): Unfilled[] {
  const needs = (field: string, code: string) =>
    blank(fields[field]) ? [{ code, place: `fields/${field}` }] : [];
  switch (kind) {
    case 'send_email':
      return [
        ...needs('to', 'choose-recipient'),
        ...needs('subject', 'write-subject'),
        ...needs('html' in fields ? 'html' : 'body', 'write-message'),
      ];
    case 'send_sms':
      return [...needs('to', 'choose-receiver'), ...needs('text', 'write-message')];
    case 'assign':
      return [
        ...(namedPeople(fields['people']).length === 0
          ? [{ code: 'choose-people', place: 'fields/people' }]
          : []),
        ...(fields['column'] === '' ? [{ code: 'choose-field', place: 'fields/column' }] : []),
        ...unfilledCount(fields),
      ];
    case 'queue_call':
      return [...needs('list', 'enter-list'), ...needs('phone', 'choose-phone')];
    case 'notify':
      return needs('title', 'write-title');
    case 'make_report':
      return [
        ...needs('title', 'write-report-title'),
        ...('where' in fields
          ? fields['table'] === ''
            ? [{ code: 'choose-table', place: 'fields/table' }]
            : []
          : needs('rows', 'choose-rows')),
      ];
    case 'ask_approval':
      return [...needs('to', 'choose-approver'), ...needs('question', 'write-question')];
    case 'call_webhook':
    case 'http_request':
      return needs('url', 'enter-address');
    case 'emit_event':
      return needs('type', 'enter-event-type');
    case 'run_rule':
      return isObject(fields['rule']) && Object.keys(fields['rule']).length > 0
        ? []
        : [{ code: 'choose-rule', place: 'fields/rule' }];
    case 'create_record':
      return [...needs('table', 'choose-table'), ...unfilledSet(fields, blank)];
    case 'update_record':
      return unfilledSet(fields, () => false);
    case 'find_record':
    case 'find_records':
      return fields['table'] === '' ? [{ code: 'choose-table', place: 'fields/table' }] : [];
    default:
      return [];
  }
}

/** What is counted, where that is asked at all. */
function unfilledCount(fields: JSONObject): Unfilled[] {
  if (fields['by'] !== 'least_busy') return [];
  const values = Object.entries(objectAt(fields, 'count_where'));
  return [
    ...(fields['count_column'] === '' ? [{ code: 'choose-field', place: 'fields/count_column' }] : []),
    ...values.flatMap(([column, value]) =>
      isList(value) && value.length === 0
        ? [{ code: 'enter-value', place: `fields/count_where${pointerTo(column)}` }]
        : [],
    ),
  ];
}

/** `empty`: which values say nothing. Clearing a field of a record is something; an empty field of a new one is not. */
function unfilledSet(fields: JSONObject, empty: (value: JSONValue) => boolean): Unfilled[] {
  const set = Object.entries(objectAt(fields, 'set'));
  if (set.length === 0) return [{ code: 'choose-what-to-set', place: 'fields/set' }];
  return set.flatMap(([column, value]) => {
    const place = `fields/set${pointerTo(column)}`;
    if (isObject(value) && value['var'] === NO_FIELD) return [{ code: 'choose-field', place }];
    return empty(value) ? [{ code: 'enter-value', place }] : [];
  });
}

/** What is not filled in yet, in reading order. A step that is off may stay unfinished; a wait must say how long. */
export function unfilledProblems(opened: Opened): StepProblem[] {
  const asked = nodesOf(opened).filter((node) => !isOff(node) || node.kind === 'wait');
  return asked.flatMap((node) =>
    unfilled(node).map(
      ({ code, place, side = null, severity }): StepProblem => ({
        code,
        place,
        side,
        message: null,
        severity: severity ?? 'error',
        step: node.id,
        args: {},
        fix: null,
      }),
    ),
  );
}

const BLANKS = ['choose-field', 'enter-value', 'enter-both'];

/**
 * The document to have checked: a comparison that is not filled in yet stands as what changes nothing in its group,
 * so that the rest is looked at all the same. Every other place stays where it is.
 */
export function checkable(opened: Opened): JSONObject {
  const document = documentOf(opened);
  const ids = nodesOf(opened).map((node) => node.id);
  const neutral = unfilledProblems(opened)
    .filter((one) => IN_LOGIC.test(one.place) && BLANKS.includes(one.code))
    .map(({ step, place }) => ({
      path: `/nodes/${ids.indexOf(step)}/${place}`,
      value: !/\/or\/\d+$/.test(place),
    }));
  return mend(document, document, neutral) ?? document;
}

/** Which node a found problem is about: named, or by its place in the checked document. */
function stepOf(problem: FoundProblem, checked: JSONObject): string {
  if (problem.node) return problem.node;
  const index = /^\/nodes\/(\d+)/.exec(problem.path)?.[1];
  const nodes = checked['nodes'];
  const node = index === undefined || !isList(nodes) ? undefined : nodes[Number(index)];
  return isRuleNode(node) ? node.id : '';
}

/** A found problem at its place in the step as it is now; null where the step is gone. */
function placed(problem: FoundProblem, checked: JSONObject, now: JSONObject): StepProblem | null {
  const step = stepOf(problem, checked);
  const path = placeNow(problem.path, checked, now);
  if (path === null) return null;
  const place = /^\/nodes\/\d+/.test(path) ? path.replace(/^\/nodes\/\d+\/?/, '') : '';
  const nodes = now['nodes'];
  const node = isList(nodes) ? nodes.find((one) => isRuleNode(one) && one.id === step) : undefined;
  if (step !== '' && node === undefined) return null;
  const held = isObject(node)
    ? logicsOf(node).find((one) => `${place}/`.startsWith(`${one.at}/`))
    : undefined;
  return {
    code: problem.code,
    message: problem.message,
    severity: problem.severity ?? 'error',
    step,
    place,
    side: held ? sideOf(held.logic, place) : null,
    args: problem.args ?? {},
    fix: problem.fix ?? null,
  };
}

/**
 * All problems by step id ('' = the rule as a whole). A place that is not filled in shows only that: what the check
 * says about it follows from it.
 */
export function problemsByStep(
  opened: Opened,
  found: readonly FoundProblem[],
  checked: JSONObject,
): ReadonlyMap<string, readonly StepProblem[]> {
  const now = documentOf(opened);
  const blanks = unfilledProblems(opened);
  const trigger = nodesOf(opened).find((node) => node.kind === 'trigger')?.id;
  const follows = (one: StepProblem): boolean =>
    blanks.some(
      (blank) =>
        blank.step === one.step &&
        blank.severity === 'error' &&
        (one.step === trigger || (one.place !== '' && overlap(blank.place, one.place))),
    );
  const known = found.map((problem) => placed(problem, checked, now)).filter((one) => one !== null);
  const byStep = new Map<string, StepProblem[]>();
  const every = [...blanks, ...known.filter((one) => !follows(one))].sort((a, b) =>
    a.place.localeCompare(b.place, 'en', { numeric: true }),
  );
  for (const problem of every) {
    byStep.set(problem.step, [...(byStep.get(problem.step) ?? []), problem]);
  }
  return byStep;
}

/** In the order of the steps: first what concerns the rule as a whole. */
export function inReadingOrder(
  opened: Opened,
  problems: ReadonlyMap<string, readonly StepProblem[]>,
): readonly StepProblem[] {
  const steps = nodesOf(opened).map((node) => node.id);
  return ['', ...new Set(steps)].flatMap((step) => problems.get(step) ?? []);
}
