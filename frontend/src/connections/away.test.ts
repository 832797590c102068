import { describe, expect, test } from 'vitest';
import type { AwayTarget, Connection } from '../api/types';
import { awayOf, nameOf } from './away';

const MAIL: Connection = {
  id: 1,
  name: 'mail',
  label: 'Local inbox',
  kind: 'smtp',
  settings: { host: 'Mail.example', port: 25 },
  state: 'works',
  state_reason: '',
  checked_at: null,
  used_by: 1,
  secrets: [],
  missing: [],
};
const CRM: Connection = {
  ...MAIL,
  id: 2,
  name: 'crm',
  kind: 'postgres',
  settings: { host: 'mail.example', port: 25 },
};

const away = (name: string): AwayTarget => ({
  name,
  failures: 5,
  opened_at: '2026-11-22T09:00:00Z',
  retry_at: '2026-11-22T09:01:00Z',
  error: 'refused',
  waiting: 3,
});

describe('an outside system that does not answer', () => {
  const targets = [away('http://mail.example:25'), away('smtp://mail.example:25')];

  test('is the mail server of the same address, however that is written', () => {
    expect(awayOf(MAIL, targets)?.name).toBe('smtp://mail.example:25');
    expect(awayOf({ ...MAIL, settings: { host: 'mail.example', port: 26 } }, targets)).toBeNull();
  });

  test('is never a watched database', () => {
    expect(awayOf(CRM, targets)).toBeNull();
  });

  test('has the name that people gave it, or its address', () => {
    expect(targets.map((one) => nameOf(one, [CRM, MAIL]))).toEqual([
      'http://mail.example:25',
      'Local inbox (Mail.example:25)',
    ]);
    expect(nameOf(away('smtp://mail.example:25'), [{ ...MAIL, label: '' }])).toBe('mail (Mail.example:25)');
  });
});

test('a system on the web is a target by its host and port', () => {
  const web = (base_url: string): Connection => ({ ...MAIL, kind: 'http', settings: { base_url } });
  expect(awayOf(web('https://API.example/v2'), [away('https://api.example:443')])).not.toBeNull();
  expect(awayOf(web('http://api.example:8080'), [away('http://api.example:8080')])).not.toBeNull();
  expect(awayOf(web('nonsense'), [away('http://api.example:80')])).toBeNull();
});
