/** What differs between two open documents, by step and field, as the server says it of two versions. Pure. */
import type { Change } from './changes';
import { edgesOf, nodesOf, type Opened } from './graph';
import { isObject, type JSONObject, type JSONValue, objectAt, same, textAt } from './json';
import type { RuleNode } from './rule';
import { isOff, noteOf } from './switched';
import { type WayNode, waysIn as waysOfChoose } from './ways';

const POLICY: Readonly<Record<string, JSONValue>> = {
  overlap: 'queue',
  on_error: 'retry',
  unknown: 'ask',
  limit: 'auto',
  pace: null,
  settle: null,
  batch: null,
  hours: null,
  once: null,
};
/** Fields of an action whose entries are told one by one. */
const NAMED = ['set', 'payload', 'headers'];
/** Told by themselves, or the same on both sides. */
const AROUND = ['id', 'kind', 'do', 'on', 'off', 'note'];

export function changesBetween(old: Opened, now: Opened): Change[] {
  const before = new Map(nodesOf(old).map((node) => [node.id, node]));
  const after = new Map(nodesOf(now).map((node) => [node.id, node]));
  const gone = [...before.values()]
    .filter((node) => !after.has(node.id))
    .map((node): Change => ({ kind: 'removed', node: node.id, field: '', old: node, new: null }));
  const stayed = [...after.values()].flatMap((node): Change[] => {
    const was = before.get(node.id);
    return was ? ofNode(was, node) : [{ kind: 'added', node: node.id, field: '', old: null, new: node }];
  });
  return [...ofHead(headOf(old), headOf(now)), ...gone, ...stayed, ...ofWays(old, now)];
}

function headOf(opened: Opened): JSONObject {
  return opened.kind === 'rule' ? opened.head : opened.document;
}

function changed(node: string, field: string, old: JSONValue, now: JSONValue): Change[] {
  return same(old, now) ? [] : [{ kind: 'changed', node, field, old, new: now }];
}

function ofHead(old: JSONObject, now: JSONObject): Change[] {
  const [was, is] = [objectAt(old, 'policy'), objectAt(now, 'policy')];
  return [
    ...['name', 'description'].flatMap((key) => changed('', key, textAt(old, key), textAt(now, key))),
    ...Object.entries(POLICY).flatMap(([key, usual]) =>
      changed('', `policy.${key}`, was[key] ?? usual, is[key] ?? usual),
    ),
  ];
}

function ofNode(old: RuleNode, now: RuleNode): Change[] {
  const { id } = now;
  if (['kind', 'do', 'on'].some((key) => textAt(old, key) !== textAt(now, key)))
    return changed(id, '', old, now);
  return [
    ...changed(id, 'off', isOff(old), isOff(now)),
    ...changed(id, 'note', noteOf(old), noteOf(now)),
    ...keysOf(old, now)
      .filter((key) => !AROUND.includes(key))
      .flatMap((key) =>
        key === 'fields'
          ? ofFields(id, objectAt(old, key), objectAt(now, key))
          : key === 'ways' && now.kind === 'choose'
            ? ofWaysIn(old, now)
            : changed(id, key, old[key] ?? null, now[key] ?? null),
      ),
  ];
}

function ofFields(id: string, old: JSONObject, now: JSONObject): Change[] {
  return keysOf(old, now).flatMap((key) => {
    const [was, is] = [old[key], now[key]];
    if (!NAMED.includes(key) || !isObject(was) || !isObject(is))
      return changed(id, `fields.${key}`, was ?? null, is ?? null);
    return keysOf(was, is).flatMap((name) =>
      changed(id, `fields.${key}.${name}`, was[name] ?? null, is[name] ?? null),
    );
  });
}

/** The ways of a choose by their keys, and the order of those that stayed. */
function ofWaysIn(old: RuleNode, now: RuleNode): Change[] {
  const keyed = (node: RuleNode) => new Map(waysOfChoose(node).map((way) => [way.key, way]));
  const [before, after] = [keyed(old), keyed(now)];
  const plain = ({ key, name, logic }: WayNode): JSONObject => ({
    key,
    logic,
    ...(name === '' ? {} : { name }),
  });
  const gone = [...before.values()]
    .filter(({ key }) => !after.has(key))
    .flatMap((way) => changed(now.id, `ways.${way.key}`, plain(way), null));
  const stayed = [...after.values()].flatMap((way) => {
    const was = before.get(way.key);
    const at = `ways.${way.key}`;
    if (!was) return changed(now.id, at, null, plain(way));
    return [
      ...changed(now.id, `${at}.name`, was.name, way.name),
      ...changed(now.id, `${at}.logic`, was.logic, way.logic),
    ];
  });
  const kept = (these: Map<string, WayNode>, those: Map<string, WayNode>) =>
    [...these.keys()].filter((key) => those.has(key));
  const moved = !same(kept(before, after), kept(after, before));
  return [
    ...gone,
    ...stayed,
    ...(moved ? changed(now.id, 'order', [...before.keys()], [...after.keys()]) : []),
  ];
}

function keysOf(old: JSONObject, now: JSONObject): string[] {
  return [...new Set([...Object.keys(old), ...Object.keys(now)])];
}

/** Where steps that are on both sides lead to. */
function ofWays(old: Opened, now: Opened): Change[] {
  const [before, after] = [waysIn(old), waysIn(now)];
  const ids = [old, now].map((side) => new Set(nodesOf(side).map((node) => node.id)));
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((way) => {
    const gap = way.indexOf(' ');
    const source = way.slice(gap + 1);
    return ids.every((side) => side.has(source))
      ? changed(source, `edge.${way.slice(0, gap)}`, before.get(way) ?? null, after.get(way) ?? null)
      : [];
  });
}

function waysIn(side: Opened): Map<string, string> {
  return new Map(
    edgesOf(side).map(({ source, branch, target }) => [`${branch ?? 'next'} ${source}`, target]),
  );
}
