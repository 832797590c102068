import { expect, test } from 'vitest';
import type { Connection } from '../api/types';
import { address, countryFor, toForm, toInput } from './settings';

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
  secrets: ['password'],
  missing: [],
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

const SHOP: Connection = {
  ...CRM,
  name: 'shop',
  kind: 'http',
  settings: { base_url: 'https://api.example.com/v2', sign_in: 'header', header: 'X-Key' },
  secrets: ['token'],
};
const TEXTS: Connection = {
  ...CRM,
  name: 'texts',
  kind: 'sms',
  settings: { provider: 'twilio', user: 'AC1', sender: '+1555', country: '82' },
};

test('a system and a provider go into the form and come out the same', () => {
  expect(toInput(toForm(SHOP), SHOP.secrets)).toMatchObject({ settings: SHOP.settings, secret: {} });
  expect(toInput(toForm(TEXTS)).settings).toEqual(TEXTS.settings);
  expect(address(SHOP)).toBe('https://api.example.com/v2');
  expect(address(TEXTS)).toBe('twilio · +1555');
  expect(address(TEXTS, 'Twilio')).toBe('Twilio · +1555');
});

test('a template of one’s own goes into the form and comes out the same', () => {
  const template = {
    url: 'https://sms.example/send',
    format: 'form',
    sign_in: 'header',
    header: 'X-Key',
    body: { to: '{to}', text: '{text}' },
    id_at: 'id',
    ok_at: 'code',
    ok_in: ['0', 'OK'],
    said_at: ['message'],
  };
  const own: Connection = { ...TEXTS, settings: { provider: 'custom', template } };
  expect(toInput(toForm(own)).settings).toEqual(own.settings);
  expect(address(own)).toBe('sms.example/send');
});

test('a key that the sign-in has no use for is taken away; others stay', () => {
  const none = { ...toForm(SHOP), signIn: 'none', token: 'typed before', signingSecret: ' whsec_x ' };
  expect(toInput(none, ['token', 'signing_secret'])).toMatchObject({
    settings: { base_url: 'https://api.example.com/v2', sign_in: 'none' },
    secret: { token: '', signing_secret: 'whsec_x' },
  });
  expect(toInput({ ...none, signIn: 'basic', user: 'ann', password: 'p' }).secret).toEqual({
    password: 'p',
    signing_secret: 'whsec_x',
  });
});

test('a typed password is sent', () => {
  expect(toInput({ ...toForm(CRM), password: 'quiet' }).secret).toEqual({ password: 'quiet' });
});

test('the address shows no user and no secret', () => {
  expect(address(CRM)).toBe('db.example:5433/crm');
});

test('the calling code goes with the provider until somebody writes one', () => {
  expect(countryFor('', '', '82')).toBe('82');
  expect(countryFor('82', '82', '7')).toBe('7');
  expect(countryFor('82', '82', '')).toBe('');
  expect(countryFor('44', '82', '7')).toBe('44');
});
