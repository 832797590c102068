/** Text: cat, substr, in, lower, trim, starts_with, ends_with, length. Characters are Unicode code points. */
import { CHARACTERS_A_STEP } from '../budget';
import { lengthOf, part } from '../characters';
import { child, children } from '../compile';
import { isList, isObject, type JSONValue } from '../json';
import type { Node, Operator } from '../tree';
import { numberOf, same, textOf } from '../values';

const LIMIT = 2 ** 31;

const position = (value: JSONValue, at: string): number =>
  Math.max(-LIMIT, Math.min(LIMIT, Math.trunc(numberOf(value, at))));

const cat: Operator = {
  min: 0,
  max: Number.POSITIVE_INFINITY,
  compile: (node, wrap) => {
    const args = children(node, wrap);
    return (data, budget) => {
      let text = '';
      for (const arg of args) {
        const piece = textOf(arg(data, budget), node.path);
        budget.produce(lengthOf(piece), node.path);
        text += piece;
      }
      return text;
    };
  },
};

const substr: Operator = {
  min: 2,
  max: 3,
  compile: (node, wrap) => {
    const args = children(node, wrap);
    return (data, budget) => {
      const [source = null, from = null, count] = args.map((arg) => arg(data, budget));
      const text = textOf(source, node.path);
      const start = position(from, node.path);
      budget.read(text, text, node.path);
      const size = lengthOf(text);
      const begin = start >= 0 ? Math.min(start, size) : Math.max(0, size + start);
      let end = size;
      if (count !== undefined) {
        const length = position(count, node.path);
        end = length >= 0 ? Math.min(end, begin + length) : Math.max(begin, end + length);
      }
      budget.produce(end - begin, node.path);
      return part(text, begin, end);
    };
  },
};

/** A list of plain literals takes no steps of its own: its values are counted in the size of the logic. */
function plainItems(node: Node | undefined): readonly JSONValue[] | null {
  if (node?.kind !== 'literal' || !isList(node.value)) return null;
  return node.value.some((item) => typeof item === 'object' && item !== null) ? null : node.value;
}

const isIn: Operator = {
  min: 2,
  max: 2,
  compile: (node, wrap) => {
    const needleFn = child(node, 0, wrap);
    const stackFn = child(node, 1, wrap);
    const plain = plainItems(node.args[1]);
    if (plain?.every((item) => typeof item === 'string')) {
      const texts = new Set<JSONValue>(plain);
      return (data, budget) => texts.has(needleFn(data, budget));
    }
    return (data, budget) => {
      const needle = needleFn(data, budget);
      const stack = stackFn(data, budget);
      if (isList(stack)) {
        if (plain === null) budget.spend(stack.length, node.path);
        return stack.some((item) => same(needle, item, budget, node.path));
      }
      if (typeof stack === 'string' && (typeof needle !== 'object' || needle === undefined)) {
        const piece = textOf(needle, node.path);
        // Browsers look for a long text in the time of both lengths together.
        const times = 1 + Math.floor(lengthOf(piece) / 8);
        budget.spend(Math.floor(lengthOf(stack) / CHARACTERS_A_STEP) * times, node.path);
        return stack.includes(piece);
      }
      return false;
    };
  },
};

/** Null stays null. */
const oneText = (change: (text: string) => string): Operator => ({
  min: 1,
  max: 1,
  compile: (node, wrap) => {
    const arg = child(node, 0, wrap);
    return (data, budget) => {
      const value = arg(data, budget);
      if (value === null) return null;
      const text = textOf(value, node.path);
      budget.produce(lengthOf(text), node.path);
      return change(text);
    };
  },
});

/** Null never does. */
const edge = (holds: (text: string, piece: string) => boolean): Operator => ({
  min: 2,
  max: 2,
  compile: (node, wrap) => {
    const textFn = child(node, 0, wrap);
    const pieceFn = child(node, 1, wrap);
    return (data, budget) => {
      const text = textFn(data, budget);
      const piece = pieceFn(data, budget);
      if (text === null || piece === null) return false;
      const whole = textOf(text, node.path);
      const part = textOf(piece, node.path);
      budget.read(part, part, node.path);
      return holds(whole, part);
    };
  },
});

const length: Operator = {
  min: 1,
  max: 1,
  compile: (node, wrap) => {
    const arg = child(node, 0, wrap);
    return (data, budget) => {
      const value = arg(data, budget);
      if (isList(value)) return value.length;
      if (isObject(value)) return Object.keys(value).length;
      const text = textOf(value, node.path);
      budget.read(text, text, node.path);
      return lengthOf(text);
    };
  },
};

export const text: [string, Operator][] = [
  ['cat', cat],
  ['substr', substr],
  ['in', isIn],
  ['lower', oneText((value) => value.toLowerCase())],
  ['trim', oneText((value) => value.trim())],
  ['starts_with', edge((value, piece) => value.startsWith(piece))],
  ['ends_with', edge((value, piece) => value.endsWith(piece))],
  ['length', length],
];
