/** A provider that is not ready made, as the form holds its template: plain texts, the body as JSON with holes. Pure. */

export interface TemplateValues {
  url: string;
  signIn: string;
  header: string;
  format: string;
  /** JSON text: name → text with {to}, {text}, {sender}, {user}, {secret}. */
  body: string;
  idAt: string;
  okAt: string;
  /** Separated by commas. */
  okIn: string;
  saidAt: string;
}

export const emptyTemplate: TemplateValues = {
  url: '',
  signIn: 'bearer',
  header: '',
  format: 'json',
  body: '{\n  "to": "{to}",\n  "from": "{sender}",\n  "text": "{text}"\n}',
  idAt: 'id',
  okAt: '',
  okIn: '',
  saidAt: 'message',
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function listOf(value: unknown): string {
  return Array.isArray(value) ? value.map(String).join(', ') : '';
}

export function templateFrom(value: unknown): TemplateValues {
  const given = isRecord(value) ? value : {};
  return {
    url: textOf(given['url']),
    signIn: textOf(given['sign_in']) || 'none',
    header: textOf(given['header']),
    format: textOf(given['format']) || 'form',
    body: JSON.stringify(given['body'] ?? {}, null, 2),
    idAt: textOf(given['id_at']),
    okAt: textOf(given['ok_at']),
    okIn: listOf(given['ok_in']),
    saidAt: listOf(given['said_at']),
  };
}

/** The body of a template, or null where it is no JSON object. */
export function bodyOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function words(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** As the API takes it. */
export function templateOf(values: TemplateValues): Record<string, unknown> {
  return {
    url: values.url.trim(),
    format: values.format,
    sign_in: values.signIn,
    ...(values.signIn === 'header' ? { header: values.header.trim() } : {}),
    body: bodyOf(values.body) ?? {},
    ...(values.idAt.trim() === '' ? {} : { id_at: values.idAt.trim() }),
    ...(values.okAt.trim() === '' ? {} : { ok_at: values.okAt.trim(), ok_in: words(values.okIn) }),
    ...(values.saidAt.trim() === '' ? {} : { said_at: words(values.saidAt) }),
  };
}
