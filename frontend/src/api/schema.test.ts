// @vitest-environment node
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import { expect, test } from 'vitest';

const TREATY = join(import.meta.dirname, '../../../shared-schemas/openapi.json');

test('the types are those of shared-schemas/openapi.json (else: npm run api-types)', async () => {
  expect(existsSync(TREATY)).toBe(true);
  const types = astToString(await openapiTS(pathToFileURL(TREATY)));
  const committed = readFileSync(join(import.meta.dirname, 'schema.d.ts'), 'utf8');
  expect(committed.includes(types.trim())).toBe(true);
});
