import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluate, type JSONValue, trace } from './index';
import { isList, isObject } from './json';

const schemas = join(import.meta.dirname, '../../../shared-schemas');

/** What a recipe describes; the recipes are explained in tests/contract/test_limits.py. */
function made(recipe: JSONValue): JSONValue {
  if (isList(recipe)) return recipe.map(made);
  if (!isObject(recipe)) return recipe;
  const [entry] = Object.entries(recipe);
  const [name, how] = entry ?? ['', null];
  if (name === '$numbers') return Array.from({ length: Number(how) }, (_, index) => index);
  if (isList(how) && name === '$text') return String(how[0]).repeat(Number(how[1]));
  if (isList(how) && name === '$nested') {
    let value: JSONValue = true;
    for (let times = Number(how[1]); times > 0; times -= 1)
      value = how[0] === '' ? [value] : { [String(how[0])]: [value] };
    return value;
  }
  return Object.fromEntries(Object.entries(recipe).map(([key, value]) => [key, made(value)]));
}

describe('vectors/limits/evaluate.json', () => {
  const file: JSONValue = JSON.parse(readFileSync(join(schemas, 'vectors/limits/evaluate.json'), 'utf8'));
  const cases = isObject(file) && isList(file['cases'] ?? null) ? file['cases'] : [];
  if (!Array.isArray(cases)) throw new Error('a list of cases');
  for (const { name, logic, data, result, error, path } of cases) {
    it(name, () => {
      const rule = made(logic);
      const values = made(data);
      const outcome = evaluate(rule, values);
      if (error === undefined) expect(outcome).toEqual({ ok: true, value: made(result) });
      else expect(outcome).toMatchObject({ ok: false, reason: error, path });
      expect(trace(rule, values).outcome).toEqual(outcome);
    });
  }
});
