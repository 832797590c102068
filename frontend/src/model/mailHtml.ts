/**
 * The HTML of a mail as one edits it: made of text and made text again, marked up where it is selected, filled in for a
 * preview. The mirror of the server's core/html_field: literal texts are HTML, every value is escaped. Pure.
 */
import { isList, isObject, type JSONValue } from './json';

export type Mark = 'bold' | 'italic' | 'heading' | 'link' | 'list';

/** `&` first, and last where it is read back. */
const ENTITIES: readonly (readonly [string, string])[] = [
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#x27;'],
];

export function escapeHtml(text: string): string {
  return ENTITIES.reduce((found, [letter, entity]) => found.replaceAll(letter, entity), text);
}

/** Paragraphs of a plain text; the fields in it stay. */
export function htmlOf(text: string): string {
  return text
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => `<p>${escapeHtml(paragraph.trim()).replaceAll('\n', '<br>\n')}</p>`)
    .join('\n');
}

/** The words of HTML, its paragraphs apart: what is left when somebody goes back to text. */
export function textOf(html: string): string {
  const words = html
    .replace(/<br\s*\/?>\n?/gi, '\n')
    .replace(/<li[^>]*>/gi, '- ')
    .replace(/<\/(li|div|tr)>\s*/gi, '\n')
    .replace(/\s*<\/(p|h\d|ul|ol|table|blockquote)>\s*/gi, '\n\n')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&nbsp;', ' ')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return ENTITIES.toReversed().reduce((found, [letter, entity]) => found.replaceAll(entity, letter), words);
}

const MARKS: Readonly<Record<Mark, readonly [string, string]>> = {
  bold: ['<b>', '</b>'],
  italic: ['<i>', '</i>'],
  heading: ['<h2>', '</h2>'],
  link: ['<a href="https://">', '</a>'],
  list: ['<ul>\n<li>', '</li>\n</ul>'],
};

/** The text with what is selected (`from` to `to`) marked; what is to be selected then: a link's address, else the words. */
export function marked(
  text: string,
  from: number,
  to: number,
  mark: Mark,
): { text: string; from: number; to: number } {
  const [before, after] = MARKS[mark];
  const words = mark === 'list' ? text.slice(from, to).replaceAll('\n', '</li>\n<li>') : text.slice(from, to);
  const whole = `${text.slice(0, from)}${before}${words}${after}${text.slice(to)}`;
  if (mark === 'link') {
    const at = from + before.indexOf('https://');
    return { text: whole, from: at, to: at + 'https://'.length };
  }
  return { text: whole, from: from + before.length, to: from + before.length + words.length };
}

/** The HTML with its values in it. `textFor`: an expression's value as text. */
export function filledHtml(value: JSONValue, textFor: (logic: JSONValue) => string): string {
  if (typeof value === 'string') return value;
  const parts = isObject(value) && Object.keys(value).length === 1 ? value['cat'] : undefined;
  return isList(parts) ? parts.map((part) => filledHtml(part, textFor)).join('') : escapeHtml(textFor(value));
}
