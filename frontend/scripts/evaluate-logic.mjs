/**
 * JSON lines of [rule, data] in, one line out for each: `value <JSON>` or `error <code> <path>`.
 * The other half of tests/core/fuzz_logic.py, which compares the lines with Python's.
 */
import { text } from 'node:stream/consumers';
import { loadLogic } from './logic.mjs';

/** JSON with sorted keys: the bytes that both sides must agree on. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.keys(value).sort();
  return `{${entries.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
}

const { compiled } = await loadLogic();
const lines = await text(process.stdin);
const answers = lines
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => {
    const [rule, data] = JSON.parse(line);
    const outcome = compiled(rule)(data);
    return outcome.ok ? `value ${canonical(outcome.value)}` : `error ${outcome.reason} ${outcome.path}`;
  });
process.stdout.write(answers.map((answer) => `${answer}\n`).join(''));
