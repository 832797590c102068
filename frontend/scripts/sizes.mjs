// How much the built screens weigh, gzipped: fails when the first load or a chunk that comes later is over its budget.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const say = (line) => process.stdout.write(`${line}\n`);
const DIST = join(import.meta.dirname, '../dist');
const FIRST_KB = 280;
const LATER_KB = 150;

/** The first load, the heaviest chunk that comes later, and all of those. */
export function weights() {
  const path = join(DIST, '.vite/manifest.json');
  if (!existsSync(path)) throw new Error('The screens are not built: run `npm run build` first.');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  const weight = (file) => gzipSync(readFileSync(join(DIST, file))).length / 1000;
  const first = new Set();
  /** A chunk and everything that it cannot start without. */
  const need = (name) => {
    if (first.has(name)) return;
    first.add(name);
    for (const other of manifest[name].imports ?? []) need(other);
  };
  need(Object.keys(manifest).find((name) => manifest[name].isEntry));
  const firstKb = [...first].reduce((total, name) => total + weight(manifest[name].file), 0);
  const later = Object.keys(manifest)
    .filter((name) => !first.has(name) && manifest[name].file.endsWith('.js'))
    .map((name) => ({ file: manifest[name].file, kb: weight(manifest[name].file) }))
    .sort((a, b) => b.kb - a.kb);
  return { firstKb, laterKb: later[0]?.kb ?? 0, later };
}

if (import.meta.main ?? process.argv[1] === import.meta.filename) {
  const { firstKb, later } = weights();
  const heavy = later.filter((one) => one.kb > LATER_KB);
  say(`First load: ${firstKb.toFixed(1)} kB of ${FIRST_KB} kB (JavaScript, gzip)`);
  for (const one of later.slice(0, 5)) say(`  later: ${one.kb.toFixed(1)} kB  ${one.file}`);
  if (firstKb > FIRST_KB) say(`The first load is ${(firstKb - FIRST_KB).toFixed(1)} kB over its budget.`);
  for (const one of heavy) say(`${one.file} is over ${LATER_KB} kB.`);
  process.exitCode = firstKb > FIRST_KB || heavy.length > 0 ? 1 : 0;
}
