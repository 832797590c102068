/** What sentences are made of: the words of the language at hand, templates with slots, pieces with a tone. */
import type { JSONObject, JSONValue } from './json';

export type Tone = 'when' | 'if' | 'tell' | 'data' | 'connect' | 'wait';
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'phrase'; readonly step: string; readonly tone: Tone; readonly text: string };

/** The language at hand. */
export type Words = {
  /** Does another system send what starts the rule? Then there is a request, and no record. */
  readonly sent?: boolean;
  /** A template by key, e.g. `sentence.if` → "if {condition}, {yes}; otherwise {no}". */
  readonly phrase: (key: string) => string;
  /** A field path in words: `after.status` → "Status". Of `table`, where it is not the rule's own. */
  readonly field: (path: string, table?: string) => string;
  /** A value as the field shows it: number separators, choices, dates, yes/no. */
  readonly value: (value: JSONValue, path: string | null, table?: string) => string;
  /** One record of the table, in words: "a lead". */
  readonly record: (table: string) => string;
  readonly table: (table: string) => string;
  readonly duration: (amount: number, unit: string) => string;
  readonly list: (items: readonly string[], join: 'and' | 'or') => string;
  readonly schedule: (schedule: JSONObject) => string;
  /** The hours that a rule keeps: "Monday to Friday, 09:00–18:00 (Asia/Seoul)". */
  readonly hours: (hours: JSONObject) => string;
};

type Slots = Readonly<Record<string, string | readonly Part[]>>;

/** A template with its slots filled. */
export function fill(template: string, slots: Slots): Part[] {
  const parts: Part[] = [];
  const say = (text: string): void => {
    const last = parts.at(-1);
    if (last?.kind === 'text') parts[parts.length - 1] = { kind: 'text', text: last.text + text };
    else if (text !== '') parts.push({ kind: 'text', text });
  };
  for (const piece of template.split(/(\{\w+\})/)) {
    const slot = /^\{(\w+)\}$/.exec(piece)?.[1];
    const value = slot === undefined ? piece : slots[slot];
    if (typeof value === 'string') say(value);
    else for (const part of value ?? []) part.kind === 'text' ? say(part.text) : parts.push(part);
  }
  return parts;
}

export function plain(parts: readonly Part[]): string {
  return parts.map((part) => part.text).join('');
}

export function inWords(words: Words, key: string, slots: Readonly<Record<string, string>>): string {
  return plain(fill(words.phrase(key), slots));
}
