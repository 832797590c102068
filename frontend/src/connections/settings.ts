/** Between a connection's settings as the API keeps them and the values of the form. Pure. */
import type { Connection, ConnectionInput, ConnectionKind } from '../api/types';

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
}

export const SSL_MODES = ['disable', 'prefer', 'require', 'verify-full'] as const;
export const SMTP_SECURITY = ['none', 'starttls', 'tls'] as const;
export const USUAL_PORT: Record<ConnectionKind, number> = { postgres: 5432, smtp: 587 };

function text(settings: Connection['settings'], key: string, otherwise = ''): string {
  const value = settings[key];
  return typeof value === 'string' ? value : otherwise;
}

function port(settings: Connection['settings'], kind: ConnectionKind): number {
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
  };
}

export function toInput(values: FormValues): ConnectionInput {
  const shared = { host: values.host.trim(), port: Number(values.port), user: values.user.trim() };
  const settings =
    values.kind === 'postgres'
      ? { ...shared, database: values.database.trim(), sslmode: values.sslmode, ...direct(values) }
      : { ...shared, security: values.security, from: values.from.trim() };
  return {
    kind: values.kind,
    name: values.name.trim(),
    label: values.label.trim(),
    settings,
    secret: values.password === '' ? {} : { password: values.password },
  };
}

function direct(values: FormValues): ConnectionInput['settings'] {
  const host = values.listenHost.trim();
  return {
    ...(host === '' ? {} : { listen_host: host }),
    ...(values.listenPort === '' ? {} : { listen_port: Number(values.listenPort) }),
  };
}

/** Where it is, on one line and without the secret. */
export function address(connection: Connection): string {
  const { settings, kind } = connection;
  const place = `${text(settings, 'host')}:${port(settings, kind)}`;
  return kind === 'postgres' ? `${place}/${text(settings, 'database')}` : place;
}
