/** JSON lines of [rule, data] in, json-logic-engine's answers out: the oracle of tests/core/fuzz_logic.py. */
import { text } from 'node:stream/consumers';
import { LogicEngine } from 'json-logic-engine';

const engine = new LogicEngine();

function answer(line) {
  const [rule, data] = JSON.parse(line);
  try {
    const value = engine.run(rule, data);
    return `value ${JSON.stringify(Object.is(value, -0) ? 0 : value)}`;
  } catch (error) {
    return `error ${JSON.stringify(error?.type ?? String(error))}`;
  }
}

const lines = (await text(process.stdin)).split('\n').filter((line) => line !== '');
process.stdout.write(lines.map((line) => `${answer(line)}\n`).join(''));
