/** Starts the whole product on a fresh folder before the first test, and ends it by its pid after the last. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HOME, PORT, TOKEN_FILE, writeToken } from './place';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(HERE, '../../..');
const DEADLINE_MS = 120_000;
const READY = /\/welcome\?token=(\S+)/;

function ruleyard(): string {
  const path = join(ROOT, '.venv/bin/ruleyard');
  if (existsSync(path)) return path;
  throw new Error(`${path} is missing. Run \`just up\` once: it makes the virtual environment.`);
}

function started(child: ChildProcess): Promise<string> {
  return new Promise((resolveToken, reject) => {
    let said = '';
    const late = setTimeout(
      () => reject(new Error(`The product was not ready after ${DEADLINE_MS / 1000} s. It said:\n${said}`)),
      DEADLINE_MS,
    );
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      const token = READY.exec(said)?.[1];
      if (token === undefined) return;
      clearTimeout(late);
      resolveToken(token);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`The product ended with ${code} before it was ready. It said:\n${said}`));
    });
  });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      done();
      return;
    }
    const force = setTimeout(() => child.kill('SIGKILL'), 20_000);
    child.once('exit', () => {
      clearTimeout(force);
      done();
    });
    child.kill('SIGINT');
  });
}

/** A whole product of its own on this folder and port; answers its setup token and how to end it. */
export async function startHere(
  folder: string,
  port: number,
  ...more: string[]
): Promise<{ token: string; end: () => Promise<void> }> {
  if (!existsSync(join(ROOT, 'frontend/dist/index.html'))) {
    throw new Error('The screens are not built. Run `npm run build` in frontend/ first.');
  }
  const child = spawn(ruleyard(), ['up', '--data', folder, '--port', String(port), ...more], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Changed tables are noticed at once, so that no spec waits half a minute for it.
    env: { ...process.env, RULEYARD_TABLES_EVERY_S: '1' },
  });
  try {
    return { token: await started(child), end: () => ended(child) };
  } catch (error) {
    await ended(child);
    throw error;
  }
}

export default async function startProduct(): Promise<() => Promise<void>> {
  const { token, end } = await startHere(join(HOME, 'data'), PORT, '--no-simulator', '--throwaway');
  writeToken(token);
  return async () => {
    await end();
    rmSync(TOKEN_FILE, { force: true });
    rmSync(HOME, { recursive: true, force: true });
  };
}
