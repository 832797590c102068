import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluate, type JSONValue, trace } from './index';
import { isObject } from './json';
import { OPERATORS } from './table';

const schemas = join(import.meta.dirname, '../../../shared-schemas');

function read(path: string): JSONValue {
  const parsed: JSONValue = JSON.parse(readFileSync(path, 'utf8'));
  return parsed;
}

function casesOf(path: string): readonly JSONValue[] {
  const file = read(path);
  const cases = isObject(file) ? file['cases'] : undefined;
  if (!Array.isArray(cases)) throw new Error(`${path} has no cases`);
  return cases;
}

for (const file of readdirSync(join(schemas, 'vectors/logic'))) {
  describe(`vectors/logic/${file}`, () => {
    for (const item of casesOf(join(schemas, 'vectors/logic', file))) {
      if (!isObject(item)) throw new Error('a case is an object');
      const { name = '', logic = null, data = null, result, error, path = '' } = item;
      it(String(name), () => {
        const outcome = evaluate(logic, data);
        if (result === undefined) expect(outcome).toMatchObject({ ok: false, reason: error, path });
        else expect(outcome).toEqual({ ok: true, value: result });
        expect(trace(logic, data).outcome).toEqual(outcome);
      });
    }
  });
}

describe('vectors/traces/logic.json', () => {
  for (const item of casesOf(join(schemas, 'vectors/traces/logic.json'))) {
    if (!isObject(item)) throw new Error('a case is an object');
    it(String(item['name']), () => {
      const { seen } = trace(item['logic'] ?? null, item['data'] ?? null);
      expect(seen).toEqual(item['seen']);
    });
  }
});

describe('the table of operators', () => {
  it('has the operators of operators.json, with their arity, and no others', () => {
    const file = read(join(schemas, 'operators.json'));
    const listed = isObject(file) ? file['operators'] : undefined;
    const ours = [...OPERATORS].map(([name, { min, max }]) => [name, min, Number.isFinite(max) ? max : null]);
    const theirs = (Array.isArray(listed) ? listed : []).map((operator) => [
      operator.name,
      operator.min_args,
      operator.max_args,
    ]);
    expect(ours.sort()).toEqual(theirs.sort());
  });
});
