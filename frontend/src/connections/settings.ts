/** Between a connection's settings as the API keeps them and the values of the form. Pure. */
import type { Connection, ConnectionInput, ConnectionKind } from '../api/types';
import { emptyTemplate, type TemplateValues, templateFrom, templateOf } from './smsTemplate';

export interface FormValues {
  kind: ConnectionKind;
  name: string;
  label: string;
  host: string;
  port: number | string;
  database: string;
  user: string;
  password: string;
  sslmode: string;
  /** The database's own address, where the other one is a pooler's; both empty where there is none. */
  listenHost: string;
  listenPort: number | string;
  security: string;
  from: string;
  baseUrl: string;
  signIn: string;
  header: string;
  token: string;
  signingSecret: string;
  provider: string;
  sender: string;
  country: string;
  template: TemplateValues;
}

export const KINDS = ['postgres', 'smtp', 'sms', 'http'] as const;
export const SSL_MODES = ['disable', 'prefer', 'require', 'verify-full'] as const;
export const SMTP_SECURITY = ['none', 'starttls', 'tls'] as const;
export const SIGN_INS = ['none', 'bearer', 'basic', 'header'] as const;
/** The provider that brings its own template. */
export const OWN_PROVIDER = 'custom';
/** What is written in an empty field: no words, so the same in every language. */
export const EXAMPLES = {
  baseUrl: 'https://api.example.com/v2',
  header: 'X-Api-Key',
  signing: 'whsec_…',
  idAt: 'messages.0.id',
  okAt: 'status',
  okIn: '0, OK',
  saidAt: 'error.message',
} as const;
export const USUAL_PORT: Record<ConnectionKind, number> = { postgres: 5432, smtp: 587, http: 443, sms: 443 };

/** The calling code that goes with the next provider: its own, unless somebody wrote another than the last one's. */
export function countryFor(written: string, last: string, next: string): string {
  return written === '' || written === last ? next : written;
}

type Settings = Connection['settings'];

function text(settings: Settings, key: string, otherwise = ''): string {
  const value = settings[key];
  return typeof value === 'string' ? value : otherwise;
}

function port(settings: Settings, kind: ConnectionKind): number {
  const value = settings['port'];
  return typeof value === 'number' ? value : USUAL_PORT[kind];
}

export function toForm(connection: Connection | null): FormValues {
  const kind = connection?.kind ?? 'postgres';
  const settings = connection?.settings ?? {};
  return {
    kind,
    name: connection?.name ?? '',
    label: connection?.label ?? '',
    host: text(settings, 'host'),
    port: port(settings, kind),
    database: text(settings, 'database'),
    user: text(settings, 'user'),
    password: '',
    sslmode: text(settings, 'sslmode', 'prefer'),
    listenHost: text(settings, 'listen_host'),
    listenPort: typeof settings['listen_port'] === 'number' ? settings['listen_port'] : '',
    security: text(settings, 'security', 'starttls'),
    from: text(settings, 'from'),
    baseUrl: text(settings, 'base_url'),
    signIn: text(settings, 'sign_in', 'none'),
    header: text(settings, 'header'),
    token: '',
    signingSecret: '',
    provider: text(settings, 'provider', 'twilio'),
    sender: text(settings, 'sender'),
    country: text(settings, 'country'),
    template: settings['template'] === undefined ? emptyTemplate : templateFrom(settings['template']),
  };
}

export function toInput(values: FormValues, kept: readonly string[] = []): ConnectionInput {
  return {
    kind: values.kind,
    name: values.name.trim(),
    label: values.label.trim(),
    settings: settingsOf(values),
    secret: secretOf(values, kept),
  };
}

/** Without what is left empty. */
function given(settings: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== ''));
}

function settingsOf(values: FormValues): ConnectionInput['settings'] {
  const user = values.user.trim();
  const shared = { host: values.host.trim(), port: Number(values.port), user };
  switch (values.kind) {
    case 'postgres':
      return { ...shared, database: values.database.trim(), sslmode: values.sslmode, ...direct(values) };
    case 'smtp':
      return { ...shared, security: values.security, from: values.from.trim() };
    case 'http':
      return given({
        base_url: values.baseUrl.trim(),
        sign_in: values.signIn,
        user: values.signIn === 'basic' ? user : '',
        header: values.signIn === 'header' ? values.header.trim() : '',
      });
    case 'sms':
      return {
        ...given({
          provider: values.provider,
          user,
          sender: values.sender.trim(),
          country: values.country.replace(/\D/g, ''),
        }),
        ...(values.provider === OWN_PROVIDER ? { template: templateOf(values.template) } : {}),
      };
  }
}

/** What was typed; and a kept secret that the sign-in has no use for any more is taken away. */
function secretOf(values: FormValues, kept: readonly string[]): NonNullable<ConnectionInput['secret']> {
  const typed = given({
    password: values.kind === 'sms' ? '' : values.password,
    token: values.token,
    signing_secret: values.signingSecret.trim(),
  });
  if (values.kind !== 'http') return typed;
  const useless = [
    ...(values.signIn === 'basic' ? [] : ['password']),
    ...(values.signIn === 'bearer' || values.signIn === 'header' ? [] : ['token']),
  ];
  const gone = useless.filter((name) => kept.includes(name)).map((name) => [name, ''] as const);
  return {
    ...Object.fromEntries(Object.entries(typed).filter(([name]) => !useless.includes(name))),
    ...Object.fromEntries(gone),
  };
}

function direct(values: FormValues): ConnectionInput['settings'] {
  const host = values.listenHost.trim();
  return {
    ...(host === '' ? {} : { listen_host: host }),
    ...(values.listenPort === '' ? {} : { listen_port: Number(values.listenPort) }),
  };
}

/** Where it is, on one line and without the secret. `called`: how its SMS provider is called. */
export function address(connection: Connection, called?: string): string {
  const { settings, kind } = connection;
  if (kind === 'http') return text(settings, 'base_url');
  if (kind === 'sms') {
    const sender = text(settings, 'sender');
    const named = text(settings, 'provider');
    // Of one that somebody described, where it is says more than that it was described.
    const provider =
      named === OWN_PROVIDER
        ? templateFrom(settings['template']).url.replace(/^https?:\/\//, '')
        : (called ?? named);
    return sender === '' ? provider : `${provider} · ${sender}`;
  }
  const place = `${text(settings, 'host')}:${port(settings, kind)}`;
  return kind === 'postgres' ? `${place}/${text(settings, 'database')}` : place;
}
