/** Pasted text → a document to import, or where exactly it cannot be read. Pure. */
import { isRecord } from '../api/client';

export type Reading =
  | { kind: 'document'; value: Record<string, unknown> }
  | { kind: 'not-json'; line: number | null; column: number | null; reason: string }
  | { kind: 'not-object' };

export const LARGEST_BYTES = 1_000_000;

/** Browsers word the same error differently; what they agree on is a position or a line and column. */
function place(message: string, text: string): { line: number | null; column: number | null } {
  const named = /line (\d+) column (\d+)/.exec(message);
  if (named !== null) return { line: Number(named[1]), column: Number(named[2]) };
  const position = /position (\d+)/.exec(message);
  if (position !== null) return at(text, Number(position[1]));
  return /end of/i.test(message) ? at(text, text.length) : { line: null, column: null };
}

function at(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position).split('\n');
  return { line: before.length, column: (before[before.length - 1]?.length ?? 0) + 1 };
}

export function readDocument(text: string): Reading {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return { kind: 'document', value: { rules: value } };
    return isRecord(value) ? { kind: 'document', value } : { kind: 'not-object' };
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    return { kind: 'not-json', ...place(reason, text), reason };
  }
}
