// A whole product on a fresh folder, its first administrator signed in; ended by its pid, its folder removed.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const READY = /\/welcome\?token=(\S+)/;
const DEADLINE_MS = 180_000;
const ASK_PORT =
  "const s=require('net').createServer().listen(0,'127.0.0.1',()=>{process.stdout.write(String(s.address().port));s.close()})";

export async function startProduct() {
  const port = execFileSync(process.execPath, ['-e', ASK_PORT]).toString();
  const home = mkdtempSync(join(tmpdir(), 'ruleyard-bench-'));
  const child = spawn(join(ROOT, '.venv/bin/ruleyard'), ['up', '--data', home, '--port', port], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const token = await new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`The product was not ready in time:\n${said}`)),
      DEADLINE_MS,
    );
    const hear = (chunk) => {
      said += chunk;
      const found = READY.exec(said)?.[1];
      if (found === undefined) return;
      clearTimeout(late);
      resolve(found);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', (code) => reject(new Error(`The product ended with ${code}:\n${said}`)));
  });
  const stop = async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
    rmSync(home, { recursive: true, force: true });
  };
  return { url: `http://127.0.0.1:${port}`, token, stop };
}

export async function signIn(page, { url, token }) {
  await page.goto(`${url}/welcome?token=${token}`);
  await page.getByLabel('Your name').fill('Kim Minji');
  await page.getByLabel('E-mail').fill('minji@example.test');
  await page.getByRole('textbox', { name: 'Password' }).fill('three blue words');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { name: 'Rules' }).waitFor();
  await page.getByRole('button', { name: 'Not now' }).click();
}

/** Makes a rule through the API with the page's own cookies. */
export async function makeRule(page, url, document) {
  const session = await (await page.request.get(`${url}/api/v1/session`)).json();
  const answer = await page.request.post(`${url}/api/v1/rules`, {
    headers: { 'X-CSRF-Token': session.csrf },
    data: { document },
  });
  if (!answer.ok()) throw new Error(`The rule was refused: ${answer.status()} ${await answer.text()}`);
  return (await answer.json()).id;
}
