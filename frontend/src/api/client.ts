/**
 * The one door to the server: an openapi-fetch client that adds the CSRF token and turns every
 * refusal into an `ApiProblem` (RFC 9457). Knows nothing of React.
 */
import createClient, { type Middleware } from 'openapi-fetch';
import type { components, paths } from './schema';

/** One thing wrong with a rule document: where (JSON Pointer), what kind, in words, and perhaps its fix. */
export type DocumentProblem = components['schemas']['Problem'];

/** A refusal of the server, as a value: `code` is stable, `message` is in words. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly problems: readonly DocumentProblem[],
    /** Everything the server said, for problems that carry more (`saved_by`, `current`…). */
    readonly body: Readonly<Record<string, unknown>>,
  ) {
    super(detail || title);
  }
}

export function isProblem(error: unknown, code?: string): error is ApiProblem {
  return error instanceof ApiProblem && (code === undefined || error.code === code);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function documentProblem(said: Record<string, unknown>): DocumentProblem {
  const fix = said['fix'];
  return {
    path: text(said['path']),
    code: text(said['code']),
    message: text(said['message']),
    severity: said['severity'] === 'warning' ? 'warning' : 'error',
    node: typeof said['node'] === 'string' ? said['node'] : null,
    args: isRecord(said['args']) ? said['args'] : {},
    fix: isRecord(fix) ? { label: text(fix['label']), path: text(fix['path']), value: fix['value'] } : null,
  };
}

export function toProblem(status: number, body: unknown): ApiProblem {
  const said = isRecord(body) ? body : {};
  const listed = Array.isArray(said['problems']) ? said['problems'] : [];
  const problems = listed.filter(isRecord).map(documentProblem);
  const code = text(said['code']) || text(said['type']) || `http-${status}`;
  return new ApiProblem(
    status,
    code,
    text(said['title']) || `HTTP ${status}`,
    text(said['detail']),
    problems,
    said,
  );
}

const SAFE = ['GET', 'HEAD', 'OPTIONS'];
let csrfToken = '';
let onSignedOut: () => void = () => {};

/** The token that unsafe requests carry; known once the session has been read. */
export function keepCsrf(token: string): void {
  csrfToken = token;
}

/** Called when the server says that nobody is signed in any more. */
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

const guard: Middleware = {
  onRequest({ request }) {
    if (!SAFE.includes(request.method) && csrfToken) request.headers.set('X-CSRF-Token', csrfToken);
    return request;
  },
  onResponse({ request, response }) {
    if (response.status === 401 && !new URL(request.url).pathname.endsWith('/session')) onSignedOut();
    return response;
  },
};

export const client = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? 'http://127.0.0.1',
  credentials: 'same-origin',
  headers: { Accept: 'application/json' },
});
client.use(guard);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

async function answered<T>(call: Promise<Answer<T>>): Promise<Answer<T>> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : '';
    throw new ApiProblem(0, 'unreachable', 'unreachable', said, [], {});
  }
  if (!answer.response.ok) throw toProblem(answer.response.status, answer.error);
  return answer;
}

/** The data of an answer; throws `ApiProblem` for a refusal and for a server that cannot be reached. */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  const answer = await answered(call);
  if (answer.data === undefined) throw toProblem(answer.response.status, { title: 'empty answer' });
  return answer.data;
}

/** For answers whose body nobody needs (204 and the like); throws as `unwrap` does. */
export async function settled(call: Promise<Answer<unknown>>): Promise<void> {
  await answered(call);
}
