/**
 * Run files of JSON Logic cases through the browser's evaluator, and count: `npm run --silent check-logic -- FILE…`.
 * A file is a list of cases: [rule, data, result], or objects with rule, data and result or error. Texts are headings.
 * What cannot be read is told and counts as failed; the rest is run all the same. Ends with 1 when a case fails that docs/decisions does not dispute. The twin of backend cli/check_logic.py.
 */
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { loadLogic } from './logic.mjs';

const say = (line) => process.stdout.write(`${line}\n`);
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const short = (value) => (JSON.stringify(value) ?? 'nothing').slice(0, 300);

const hasResult = (item) => Object.hasOwn(item, 'result');

function caseOf(item) {
  if (Array.isArray(item) && item.length === 3)
    return { rule: item[0], data: item[1], fails: false, result: item[2] };
  if (typeof item === 'object' && item !== null && 'rule' in item && (hasResult(item) || 'error' in item)) {
    const { rule, data = null, result = null } = item;
    return { rule, data, fails: !hasResult(item), result };
  }
  return `this is no case: ${short(item)}`;
}

/** The cases of a file; a sentence for what is none. */
function casesOf(path) {
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    return [`cannot be read: ${error instanceof Error ? error.message : error}`];
  }
  try {
    const content = JSON.parse(text);
    if (!Array.isArray(content)) return ['a file of cases is a JSON list'];
    return content.filter((item) => typeof item !== 'string').map(caseOf);
  } catch (error) {
    return [`is not JSON: ${error instanceof Error ? error.message : error}`];
  }
}

/** Equal as JSON, where -0 cannot be told from 0. */
const plain = (value) => JSON.parse(JSON.stringify(value));
const alike = (left, right) => isDeepStrictEqual(plain(left), plain(right));

async function main(files) {
  if (files.length === 0) throw new Error('name the files: npm run --silent check-logic -- FILE…');
  const { compiled } = await loadLogic();
  const disputed = read(new URL('../../shared-schemas/disputed-logic.json', import.meta.url)).cases.map(
    caseOf,
  );
  let passed = 0;
  let failed = 0;
  let known = 0;
  for (const file of files) {
    for (const item of casesOf(resolve(process.env.INIT_CWD ?? '.', file))) {
      if (typeof item === 'string') {
        failed += 1;
        say(`FAILED ${basename(file)}: ${item}`);
        continue;
      }
      const outcome = compiled(item.rule)(item.data);
      if (outcome.ok ? !item.fails && alike(outcome.value, item.result) : item.fails) {
        passed += 1;
        continue;
      }
      failed += 1;
      const why = disputed.some((other) => alike(other, item));
      known += why ? 1 : 0;
      const got = outcome.ok ? short(outcome.value) : outcome.reason;
      say(`${why ? 'disputed' : 'FAILED'} ${basename(file)}: ${short(item.rule)}`);
      say(`  on ${short(item.data)}: ${got}, not ${item.fails ? 'an error' : short(item.result)}`);
    }
  }
  if (known > 0) say(`${known} of the failed are disputed: docs/decisions/0011-logic-disputed-cases.md`);
  say(`${passed} passed, ${failed} failed`);
  return failed > known ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`check-logic: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
