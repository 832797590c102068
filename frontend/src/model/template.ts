/**
 * Text with fields in it (`Hello {{first_name}}`) and the expression it is written as (`cat`).
 * A name without a dot means the record: `{{status}}` is `after.status`. A part of today names its clock:
 * `{{today:date:Asia/Seoul}}`.
 */
import { isList, isObject, type JSONValue, same } from './json';
import { pathOf, todayOf, variable } from './today';

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly path: string };

const PILL = /\{\{\s*([^{}]+?)\s*\}\}/g;

/** `after.status` → `status`; other paths stay whole. */
export function shortName(path: string): string {
  const rest = path.startsWith('after.') ? path.slice('after.'.length) : '';
  return rest !== '' && !whole(rest) ? rest : path;
}

/** Is the name a path by itself, not a field of the record? */
function whole(name: string): boolean {
  return name.includes('.') || name === 'now' || todayOf(name) !== null;
}

function longName(name: string): string {
  return whole(name) ? name : `after.${name}`;
}

export function pill(path: string): string {
  return `{{${shortName(path)}}}`;
}

/** The text in order: what is written and what is filled in. */
export function pieces(template: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of template.matchAll(PILL)) {
    const [whole, name = ''] = match;
    if (match.index > end) found.push({ kind: 'text', text: template.slice(end, match.index) });
    found.push({ kind: 'field', path: longName(name) });
    end = match.index + whole.length;
  }
  if (end < template.length) found.push({ kind: 'text', text: template.slice(end) });
  return found;
}

/** The expression that makes this text. Without fields it is the text itself. */
export function fromTemplate(template: string): JSONValue {
  const parts = pieces(template);
  if (parts.every((part) => part.kind === 'text')) return template;
  const logic = parts.map((part) => (part.kind === 'text' ? part.text : variable(part.path)));
  const [only] = logic;
  return logic.length === 1 && only !== undefined ? only : { cat: logic };
}

function part(logic: JSONValue): string | null {
  if (typeof logic === 'string') return logic;
  const path = pathOf(logic);
  return path === null ? null : pill(path);
}

/** The text to edit, or null where the expression is more than text with fields (then it is edited as JSON). */
export function toTemplate(logic: JSONValue | undefined): string | null {
  if (logic === undefined) return '';
  const cat = isObject(logic) && Object.keys(logic).length === 1 ? logic['cat'] : undefined;
  const parts = isList(cat) ? cat.map(part) : [part(logic)];
  if (!parts.every((one): one is string => one !== null)) return null;
  const text = parts.join('');
  return same(fromTemplate(text), logic) ? text : null;
}
