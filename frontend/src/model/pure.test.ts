/** The model and the evaluator know nothing of the screen, the network, the clock or anything outside their folders. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const SOURCE = join(import.meta.dirname, '..');
const IMPORT = /\bfrom '([^']+)'|\bimport\(?\s*'([^']+)'/g;
const OUTSIDE =
  /\b(?:window|localStorage|fetch|navigator|Date\.now|new Date\(\)|Math\.random|setTimeout)\b(?=[.([]|$)/;

function filesOf(folder: string): string[] {
  return readdirSync(join(SOURCE, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'arbitrary.ts')
    .map((name) => join(folder, name));
}

/** Where an import leads, seen from `src`. */
function target(file: string, name: string): string {
  return name.startsWith('.') ? join(file, '..', name) : name;
}

test.each(['model', 'logic'])('src/%s imports nothing of other folders and no package', (folder) => {
  const files = filesOf(folder);
  expect(files.length).toBeGreaterThan(10);
  const strangers = files.flatMap((file) =>
    [...readFileSync(join(SOURCE, file), 'utf8').matchAll(IMPORT)]
      .map(([, from, loaded]) => target(file, from ?? loaded ?? ''))
      .filter((name) => !name.startsWith(`${folder}/`))
      .map((name) => `${file} imports ${name}`),
  );
  expect(strangers).toEqual([]);
});

test.each(['model', 'logic'])('src/%s reads no clock, no chance and nothing of a browser', (folder) => {
  const found = filesOf(folder).flatMap((file) =>
    readFileSync(join(SOURCE, file), 'utf8')
      .split('\n')
      .filter((line) => OUTSIDE.test(line.replace(/\/\/.*|^\s*\/?\*.*/, '')))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});
