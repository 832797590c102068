/** The TypeScript half of benchmarks/hostile.py: milliseconds and allocated megabytes of each case, as JSON. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadLogic } from './logic.mjs';

const { evaluate } = await loadLogic();
const [folder, rounds] = process.argv.slice(2);

/** What a recipe describes; they are explained in tests/contract/test_limits.py. */
function made(recipe) {
  if (Array.isArray(recipe)) return recipe.map(made);
  if (typeof recipe !== 'object' || recipe === null) return recipe;
  const [name, how] = Object.entries(recipe)[0] ?? [];
  if (name === '$text') return Buffer.from(how[0].repeat(how[1])).toString();
  if (name === '$numbers') return Array.from({ length: how }, (_, index) => index);
  if (name === '$nested') {
    let value = true;
    for (let times = how[1]; times > 0; times -= 1) value = how[0] === '' ? [value] : { [how[0]]: [value] };
    return value;
  }
  return Object.fromEntries(Object.entries(recipe).map(([key, value]) => [key, made(value)]));
}

function measured({ logic, data }) {
  const rule = made(logic);
  const values = made(data);
  const times = [];
  let most = 0;
  for (let round = 0; round < Number(rounds); round += 1) {
    globalThis.gc();
    const held = process.memoryUsage();
    const began = process.cpuUsage();
    evaluate(rule, values);
    const spent = process.cpuUsage(began);
    times.push((spent.user + spent.system) / 1_000);
    const after = process.memoryUsage();
    most = Math.max(most, after.heapUsed + after.external - held.heapUsed - held.external);
  }
  return [times.sort((a, b) => a - b)[Math.floor(times.length / 2)], most / 1e6];
}

const found = readdirSync(folder)
  .sort()
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')).cases)
  .map(measured);
process.stdout.write(JSON.stringify(found));
