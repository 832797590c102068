/** Where this test run's product lives: chosen once by the first process, handed to the others by environment. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ASK_PORT =
  "const s=require('net').createServer().listen(0,'127.0.0.1',()=>{process.stdout.write(String(s.address().port));s.close()})";

function handed(name: string, choose: () => string): string {
  const known = process.env[name];
  if (known !== undefined && known !== '') return known;
  const chosen = choose();
  process.env[name] = chosen;
  return chosen;
}

/** A port that nobody listens on now. */
export function freePort(): number {
  return Number(execFileSync(process.execPath, ['-e', ASK_PORT]).toString());
}

export const HOME = handed('RULEYARD_E2E_HOME', () => mkdtempSync(join(tmpdir(), 'ruleyard-e2e-')));
export const PORT = Number(handed('RULEYARD_E2E_PORT', () => String(freePort())));
export const URL = `http://127.0.0.1:${PORT}`;
/** Cookies of the signed-in administrator, written by welcome.spec.ts. */
export const STATE_FILE = join(HOME, 'signed-in.json');
export const TOKEN_FILE = join(HOME, 'token');

export function writeToken(token: string): void {
  writeFileSync(TOKEN_FILE, token);
}

export function readToken(): string {
  return readFileSync(TOKEN_FILE, 'utf8');
}

export const ADMIN = {
  name: 'Kim Minji',
  email: 'minji@example.test',
  password: 'three blue words',
} as const;
