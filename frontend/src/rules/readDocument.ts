/** Pasted text → a document to import, or where exactly it cannot be read. Pure. */
import { isRecord } from '../api/client';
import { jsonFault } from './jsonFault';

export type Reading =
  | { kind: 'document'; value: Record<string, unknown> }
  | { kind: 'not-json'; line: number; column: number }
  | { kind: 'not-object' };

export const LARGEST_BYTES = 1_000_000;

export function readDocument(text: string): Reading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Browsers word the fault differently and some name no place: ours is found by ourselves.
    const before = text.slice(0, jsonFault(text) ?? text.length).split('\n');
    return { kind: 'not-json', line: before.length, column: (before[before.length - 1]?.length ?? 0) + 1 };
  }
  if (Array.isArray(value)) return { kind: 'document', value: { rules: value } };
  return isRecord(value) ? { kind: 'document', value } : { kind: 'not-object' };
}
