// @vitest-environment node
/** The evaluator is loaded with the first screen that shows a rule: it stays small. */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, it } from 'vitest';

const MOST_BYTES = 8_000;

it('weighs at most 8 kB, minified and zipped', async () => {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: true,
      rollupOptions: { input: join(import.meta.dirname, 'index.ts'), preserveEntrySignatures: 'strict' },
    },
  });
  const outputs = [built].flat().flatMap((one) => ('output' in one ? one.output : []));
  const code = outputs.map((chunk) => (chunk.type === 'chunk' ? chunk.code : '')).join('');
  expect(code).toContain('unknown-operator');
  expect(gzipSync(code).length).toBeLessThanOrEqual(MOST_BYTES);
}, 30_000);
