/** Pasted text → a document to import, or where exactly it cannot be read. Pure. */
import { isRecord } from '../api/client';
import { parseJson } from '../model/parseJson';

export type Reading =
  | { kind: 'document'; value: Record<string, unknown> }
  | { kind: 'not-json'; line: number; column: number }
  | { kind: 'not-object' };

export const LARGEST_BYTES = 1_000_000;

export function readDocument(text: string): Reading {
  const read = parseJson(text);
  if (read.kind === 'error') return { kind: 'not-json', line: read.line, column: read.column };
  const value: unknown = read.value;
  if (Array.isArray(value)) return { kind: 'document', value: { rules: value } };
  return isRecord(value) ? { kind: 'document', value } : { kind: 'not-object' };
}
