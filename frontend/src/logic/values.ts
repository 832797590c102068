/**
 * JSON values as JSON Logic sees them: truth, numbers, text, equality, order. The twin of backend core/logic/values.py:
 * JavaScript's coercions, but what would be NaN is an error.
 */
import { Broken, type Budget, MAX_DEPTH, MAX_NUMBER, MAX_PRODUCED, tooBig } from './budget';
import { characters, lengthOf } from './characters';
import { isList, isObject, type JSONValue } from './json';

const NUMBER = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

export const truthy = (value: JSONValue): boolean => (isList(value) ? value.length > 0 : Boolean(value));

export function clean(number: number, path: string): number {
  if (!Number.isFinite(number)) {
    throw new Broken(
      path,
      'not-a-number',
      'The result is not a number (division by zero, or far too large).',
    );
  }
  return number + 0;
}

export function numberOf(value: JSONValue, path: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (value === null || value === false) return 0;
  if (value === true) return 1;
  if (typeof value === 'string' && value.length <= MAX_NUMBER) {
    const text = value.trim();
    if (text === '') return 0;
    const number = NUMBER.test(text) ? Number(text) : Number.NaN;
    if (Number.isFinite(number)) return number;
  }
  throw new Broken(path, 'not-a-number', `${shown(value)} is not a number.`);
}

export function textOf(value: JSONValue, path: string, depth = 0): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (isList(value)) {
    if (depth >= MAX_DEPTH || value.length > 10_000) {
      throw new Broken(path, 'too-big', 'This list is too long or too deep to be written as text.');
    }
    let left = MAX_PRODUCED + 1;
    const parts = value.map((item) => {
      const part = textOf(item, path, depth + 1);
      left -= lengthOf(part) + 1;
      if (left < 0) throw tooBig(path);
      return part;
    });
    return parts.join(',');
  }
  throw new Broken(path, 'bad-arguments', 'An object cannot be written as text.');
}

/** `===`: numbers by value, lists and objects by content; never across types. */
export function same(
  left: JSONValue | undefined,
  right: JSONValue | undefined,
  budget: Budget,
  path: string,
  depth = 0,
): boolean {
  if (typeof left !== 'object' || left === null || typeof right !== 'object' || right === null) {
    if (typeof left === 'string' && typeof right === 'string') budget.read(left, right, path);
    return left === right;
  }
  if (depth >= MAX_DEPTH) {
    throw new Broken(path, 'too-deep', `These values are nested more than ${MAX_DEPTH} levels deep.`);
  }
  if (isList(left)) {
    if (!isList(right) || left.length !== right.length) return false;
    budget.spend(left.length, path);
    return left.every((item, index) => same(item, right[index], budget, path, depth + 1));
  }
  if (!isObject(right)) return false;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  budget.spend(keys.length, path);
  return keys.every(
    (key) => Object.hasOwn(right, key) && same(left[key], right[key], budget, path, depth + 1),
  );
}

/** `==`: equal types as `===`; null equals only null; otherwise as numbers. */
export function looselySame(left: JSONValue, right: JSONValue, budget: Budget, path: string): boolean {
  if (left === null || right === null) return left === right;
  if (typeof left === 'string' && typeof right === 'string') return same(left, right, budget, path);
  if ((isList(left) && isList(right)) || (isObject(left) && isObject(right))) {
    return same(left, right, budget, path);
  }
  return numberOf(left, path) === numberOf(right, path);
}

const CHUNK = 4_096;

/** Order of texts by code points: negative, 0 or positive. */
export function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  let begin = 0;
  while (begin < length && left.slice(begin, begin + CHUNK) === right.slice(begin, begin + CHUNK))
    begin += CHUNK;
  for (let index = begin; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) {
      const aPair = a >= 0xd800 && a <= 0xdfff;
      const bPair = b >= 0xd800 && b <= 0xdfff;
      return aPair === bPair ? a - b : aPair ? 1 : -1;
    }
  }
  return left.length - right.length;
}

export function shown(value: JSONValue): string {
  if (typeof value === 'string') {
    const text = characters(value.slice(0, 82));
    return text.length > 40 ? `"${text.slice(0, 40).join('')}…"` : `"${value}"`;
  }
  if (value === null) return 'Empty';
  if (isList(value)) return 'A list';
  return isObject(value) ? 'An object' : String(value);
}
