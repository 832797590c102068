/** Where a JSON Pointer stands in a text, by its syntax tree: also in a text that is not whole yet. Knows nothing of rules. */
import type { SyntaxNode, Tree } from '@lezer/common';
import { parts } from '../../model/fix';

export type Span = { readonly from: number; readonly to: number };

const VALUES = new Set(['Object', 'Array', 'String', 'Number', 'True', 'False', 'Null']);

function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let at = node.firstChild; at; at = at.nextSibling) found.push(at);
  return found;
}

const valueIn = (node: SyntaxNode): SyntaxNode | undefined =>
  children(node).find((one) => VALUES.has(one.name));

function keyOf(property: SyntaxNode, text: string): string | null {
  const name = property.getChild('PropertyName');
  if (!name) return null;
  try {
    const key: unknown = JSON.parse(text.slice(name.from, name.to));
    return typeof key === 'string' ? key : null;
  } catch {
    return null;
  }
}

function child(node: SyntaxNode, part: string, text: string): SyntaxNode | undefined {
  if (node.name === 'Array') return children(node).filter((one) => VALUES.has(one.name))[Number(part)];
  const property = node.getChildren('Property').find((one) => keyOf(one, text) === part);
  return property && (valueIn(property) ?? property);
}

/** The value at the pointer, or the nearest one around it that is there; of a long one its first line. */
export function placeIn(text: string, tree: Tree, pointer: string): Span {
  let node = valueIn(tree.topNode);
  if (!node) return { from: 0, to: text.length };
  for (const part of parts(pointer)) {
    const inner = child(node, part, text);
    if (!inner) break;
    node = inner;
  }
  const end = text.indexOf('\n', node.from);
  return { from: node.from, to: end < 0 ? node.to : Math.min(node.to, end) };
}
