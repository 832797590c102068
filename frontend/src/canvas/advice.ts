/** What somebody can do about a step that failed, by the code of its error. Pure. */

export type Advice = 'connection' | 'record' | 'rule' | 'address' | 'later';

const CODES: Readonly<Record<Advice, readonly string[]>> = {
  connection: [
    'no-connection',
    'no-mail-server',
    'no-sms-provider',
    'secret-key-changed',
    'connection-unavailable',
    'connection-not-set-up',
    'may-not-install',
    'mail-sign-in',
    'mail-silent',
    'sms-refused',
  ],
  record: ['empty-field', 'bad-address', 'bad-phone', 'bad-date', 'not-a-number', 'wait-without-date'],
  rule: [
    'unknown-action',
    'unknown-operator',
    'bad-fields',
    'bad-arguments',
    'bad-url',
    'bad-header',
    'bad-key',
    'no-table',
    'no-column',
    'generated-column',
    'nobody',
    'outside-connection',
    'text-too-long',
    'too-many-addresses',
    'too-many-files',
    'table-changed',
    'webhook-moved',
  ],
  address: ['address-not-allowed'],
  later: [
    'unavailable',
    'too-slow',
    'database-busy',
    'database-silent',
    'statement-stopped',
    'mail-busy',
    'sms-busy',
    'webhook-refused',
  ],
};

const ADVICE: readonly Advice[] = ['connection', 'record', 'rule', 'address', 'later'];

/** Null where the error itself says what to do, or nobody can do anything. */
export function adviceOf(code: string): Advice | null {
  return ADVICE.find((one) => CODES[one].includes(code)) ?? null;
}
