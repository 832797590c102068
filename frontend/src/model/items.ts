/** Lists: which there are for a step to go through, and what is known of their items. The mirror of `item` in core/names. Pure. */
import { actionsBefore } from './before';
import { edgesOf, nodesOf, type Opened } from './graph';
import { isList, isObject, type JSONValue, objectAt, textAt } from './json';
import type { RuleNode } from './rule';
import { type SampleType, sampleFields } from './samples';
import { receivedSample } from './waits';
import { EACH } from './ways';

/** The list for whose items a step is done; null outside of every list. */
export function listAround(opened: Opened, id: string): RuleNode | null {
  const edges = edgesOf(opened);
  const into = (target: string) => edges.filter((edge) => edge.target === target);
  const seen = new Set<string>([id]);
  const todo = [id];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    for (const { source, branch } of into(at)) {
      const node = nodesOf(opened).find((one) => one.id === source);
      if (node?.kind === 'for_each' && branch === EACH) return node;
      if (!seen.has(source)) todo.push(source);
      seen.add(source);
    }
  }
  return null;
}

const asData = (sample: JSONValue): JSONValue => (isObject(sample) ? sample : { body: sample });

function triggerOf(opened: Opened): RuleNode | undefined {
  return nodesOf(opened).find((node) => node.kind === 'trigger');
}

/** Lists in a sample, but not lists inside of lists. */
function listsIn(sample: JSONValue, base: string): string[] {
  const found = sampleFields(sample).filter(
    ({ path, type }) => type === 'list' && !/(^|\.)0(\.|$)/.test(path),
  );
  return [...(isList(sample) ? [base] : []), ...found.map(({ path }) => `${base}.${path}`)];
}

type ColumnLike = { readonly name: string; readonly type: string };

/** The lists that a step may go through, by their paths: of the record, of what came in, of earlier steps. */
export function listPaths(opened: Opened, id: string, columns: readonly ColumnLike[]): readonly string[] {
  const trigger = triggerOf(opened);
  const sample = trigger?.['sample'];
  const own =
    sample === undefined
      ? columns.filter((column) => column.type === 'array').map((column) => `after.${column.name}`)
      : listsIn(asData(sample), 'after');
  const policy = opened.kind === 'rule' ? opened.head['policy'] : opened.document['policy'];
  const batch = isObject(policy) && policy['batch'] !== undefined ? ['batch'] : [];
  const earlier = actionsBefore(opened, id).flatMap((node): string[] => {
    const answer = objectAt(node, 'fields')['answer'];
    const received = node.kind === 'wait' ? receivedSample(node) : null;
    if (received !== null) return listsIn(received, `steps.${node.id}.output.received`);
    if (textAt(node, 'do') === 'http_request' && answer !== undefined)
      return listsIn(answer, `steps.${node.id}.output.body`);
    return textAt(node, 'do') === 'find_records' ? [`steps.${node.id}.output.records`] : [];
  });
  return [...batch, ...own, ...earlier];
}

export type ItemField = { readonly path: string; readonly type: SampleType };
/** What an item is: fields that a sample taught, a record of a table, a change of one, or nothing that is known. */
export type ItemSource =
  | { readonly kind: 'change'; readonly table: string }
  | { readonly kind: 'fields'; readonly fields: readonly ItemField[] }
  | { readonly kind: 'record'; readonly table: string }
  | { readonly kind: 'unknown' };

function valueAt(value: JSONValue | undefined, path: string): JSONValue | undefined {
  return path === ''
    ? value
    : path.split('.').reduce<JSONValue | undefined>((at, key) => (isObject(at) ? at[key] : undefined), value);
}

/** The list as a sample shows it. */
function sampled(opened: Opened, path: string): JSONValue | undefined {
  const [root = '', ...rest] = path.split('.');
  if (root === 'after') {
    const sample = triggerOf(opened)?.['sample'];
    return sample === undefined ? undefined : valueAt(asData(sample), rest.join('.'));
  }
  const [step, , , ...inside] = rest;
  const node = nodesOf(opened).find((one) => one.id === step);
  if (!node) return undefined;
  const answer = node.kind === 'wait' ? receivedSample(node) : objectAt(node, 'fields')['answer'];
  return valueAt(answer ?? undefined, inside.join('.'));
}

export function itemSource(opened: Opened, list: RuleNode): ItemSource {
  const over = list['over'];
  const path = isObject(over) ? over['var'] : undefined;
  if (typeof path !== 'string') return { kind: 'unknown' };
  const trigger = triggerOf(opened);
  const own = trigger ? textAt(trigger, 'table') : '';
  if (path === 'batch') return batched(trigger?.['sample'], own);
  const [, step = ''] = /^steps\.([^.]+)\.output\.records$/.exec(path) ?? [];
  const finder = nodesOf(opened).find((node) => node.id === step);
  // A search that names no table looks in the trigger's.
  const table = finder ? textAt(objectAt(finder, 'fields'), 'table') || own : '';
  if (table !== '') return { kind: 'record', table };
  const found = sampled(opened, path);
  const first = isList(found) ? found[0] : undefined;
  if (first === undefined) return { kind: 'unknown' };
  if (!isObject(first)) return { kind: 'fields', fields: typed(first) };
  return { kind: 'fields', fields: sampleFields(first).map((one) => ({ ...one, path: `item.${one.path}` })) };
}

/** Changes that were collected: of records, or of what another system sent. */
function batched(sample: JSONValue | undefined, table: string): ItemSource {
  if (table !== '') return { kind: 'change', table };
  if (sample === undefined) return { kind: 'unknown' };
  const fields = sampleFields(asData(sample));
  return { kind: 'fields', fields: fields.map((one) => ({ ...one, path: `item.after.${one.path}` })) };
}

const TYPES: Readonly<Record<string, SampleType>> = { string: 'text', number: 'number', boolean: 'boolean' };

const typed = (item: JSONValue): readonly ItemField[] => [
  { path: 'item', type: isList(item) ? 'list' : (TYPES[typeof item] ?? 'other') },
];

/** A field of an item: as a sample shows it, or a column of a table. */
export type FoundField = ItemField | { readonly table: string; readonly name: string };

/** What a path below `item` may be: of every list of the rule that may have it, in their order. */
export function itemField(opened: Opened, path: string): readonly FoundField[] {
  return nodesOf(opened).flatMap((node): readonly FoundField[] => {
    if (node.kind !== 'for_each') return [];
    const source = itemSource(opened, node);
    switch (source.kind) {
      case 'record':
        return [{ table: source.table, name: path.replace(/^item\.?/, '') }];
      case 'change': {
        const name = /^item\.(?:before|after)\.(.+)$/.exec(path)?.[1];
        return name === undefined ? [] : [{ table: source.table, name }];
      }
      case 'fields':
        return source.fields.filter((field) => field.path === path);
      default:
        return [];
    }
  });
}
