import { expect, test } from 'vitest';
import type { Connection } from '../api/types';
import { address, toForm, toInput } from './settings';

const CRM: Connection = {
  id: 1,
  name: 'crm',
  label: 'CRM',
  kind: 'postgres',
  settings: { host: 'db.example', port: 5433, database: 'crm', user: 'reader', sslmode: 'require' },
  state: 'works',
  state_reason: '',
  checked_at: null,
  used_by: 2,
};

test('a connection goes into the form and comes out the same, without a secret', () => {
  expect(toInput(toForm(CRM))).toEqual({
    kind: 'postgres',
    name: 'crm',
    label: 'CRM',
    settings: CRM.settings,
    secret: {},
  });
});

test('a direct address past a pooler is kept, in part or whole', () => {
  const pooled = (more: Connection['settings']): Connection => ({
    ...CRM,
    settings: { ...CRM.settings, ...more },
  });
  for (const more of [
    { listen_port: 5432 },
    { listen_host: 'own.example' },
    { listen_host: 'h', listen_port: 1 },
  ]) {
    expect(toInput(toForm(pooled(more))).settings).toEqual({ ...CRM.settings, ...more });
  }
  expect(toInput({ ...toForm(CRM), listenHost: ' own.example ', listenPort: 5432 }).settings).toEqual({
    ...CRM.settings,
    listen_host: 'own.example',
    listen_port: 5432,
  });
});

test('a typed password is sent', () => {
  expect(toInput({ ...toForm(CRM), password: 'quiet' }).secret).toEqual({ password: 'quiet' });
});

test('the address shows no user and no secret', () => {
  expect(address(CRM)).toBe('db.example:5433/crm');
});
