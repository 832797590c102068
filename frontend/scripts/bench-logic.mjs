/** The TypeScript half of benchmarks/logic.py: reads the rules and the data, writes medians in microseconds as JSON. */
import { text } from 'node:stream/consumers';
import jsonLogic from 'json-logic-js';
import { loadLogic } from './logic.mjs';

const { compiled } = await loadLogic();
const { rules, data, rounds, round_s: roundS } = JSON.parse(await text(process.stdin));

function spentMs(work, times) {
  const began = performance.now();
  for (let turn = 0; turn < times; turn += 1) work();
  return performance.now() - began;
}

function medians(works) {
  const names = Object.keys(works);
  const times = {};
  const turns = {};
  for (const name of names) {
    spentMs(works[name], 2_000);
    times[name] = Math.max(5, Math.round((roundS * 1_000) / (spentMs(works[name], 200) / 200)));
    turns[name] = [];
  }
  for (let round = 0; round < rounds; round += 1)
    for (const name of names) turns[name].push((spentMs(works[name], times[name]) / times[name]) * 1_000);
  return Object.fromEntries(
    names.map((name) => [name, turns[name].sort((a, b) => a - b)[Math.floor(rounds / 2)]]),
  );
}

const found = {};
for (const [name, rule] of Object.entries(rules)) {
  const fn = compiled(rule);
  if (fn(data).value !== true || jsonLogic.apply(rule, data) !== true) throw new Error(`${name} is not true`);
  found[name] = medians({
    ruleyard: () => fn(data),
    'json-logic-js': () => jsonLogic.apply(rule, data),
    'ruleyard compile': () => compiled(rule),
  });
}
process.stdout.write(JSON.stringify(found));
