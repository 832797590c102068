/** The steps that can be added: what the palette and the + menu offer, and what a new one begins with. */
import type { RuleNode } from '../model/rule';
import type { Tone } from '../model/sentence';
import { addWay } from '../model/ways';

export type StepKind = {
  readonly key:
    | 'condition'
    | 'choose'
    | 'send_email'
    | 'notify'
    | 'update_record'
    | 'create_record'
    | 'call_webhook'
    | 'send_sms'
    | 'http_request'
    | 'wait';
  readonly group: 'decide' | 'tell' | 'data' | 'connect' | 'flow';
  readonly tone: Tone;
  /** Begins the ids of such steps. */
  readonly prefix: string;
};

export const KINDS: readonly StepKind[] = [
  { key: 'condition', group: 'decide', tone: 'if', prefix: 'c' },
  { key: 'choose', group: 'decide', tone: 'if', prefix: 'x' },
  { key: 'send_email', group: 'tell', tone: 'tell', prefix: 'a' },
  { key: 'send_sms', group: 'tell', tone: 'tell', prefix: 'a' },
  { key: 'notify', group: 'tell', tone: 'tell', prefix: 'a' },
  { key: 'update_record', group: 'data', tone: 'data', prefix: 'a' },
  { key: 'create_record', group: 'data', tone: 'data', prefix: 'a' },
  { key: 'call_webhook', group: 'connect', tone: 'connect', prefix: 'a' },
  { key: 'http_request', group: 'connect', tone: 'connect', prefix: 'a' },
  { key: 'wait', group: 'flow', tone: 'wait', prefix: 'w' },
];

export const GROUPS = ['decide', 'tell', 'data', 'connect', 'flow'] as const;

/** What a card's icon is chosen by. */
export function iconNode(kind: StepKind): { kind: string; do?: string } {
  return kind.key === 'condition' || kind.key === 'choose' || kind.key === 'wait'
    ? { kind: kind.key }
    : { kind: 'action', do: kind.key };
}

export type Defaults = { readonly mail: string; readonly connection: string; readonly sms: string };

export function newNode(kind: StepKind, id: string, defaults: Defaults): RuleNode {
  switch (kind.key) {
    case 'condition':
      return { id, kind: 'condition', logic: { and: [{ '===': [] }] } };
    case 'choose':
      return addWay(addWay({ id, kind: 'choose', ways: [] }));
    case 'wait':
      return { id, kind: 'wait', amount: 1, unit: 'hours' };
    case 'send_email':
      return {
        id,
        kind: 'action',
        do: 'send_email',
        fields: {
          ...(defaults.mail === '' ? {} : { connection: defaults.mail }),
          to: '',
          subject: '',
          body: '',
        },
      };
    case 'notify':
      return { id, kind: 'action', do: 'notify', fields: { to: 'everyone', title: '' } };
    case 'create_record':
      return {
        id,
        kind: 'action',
        do: 'create_record',
        fields: { connection: defaults.connection, table: '', set: {} },
      };
    case 'update_record':
      return { id, kind: 'action', do: 'update_record', fields: { set: {} } };
    case 'send_sms':
      return {
        id,
        kind: 'action',
        do: 'send_sms',
        fields: { ...(defaults.sms === '' ? {} : { connection: defaults.sms }), to: '', text: '' },
      };
    case 'http_request':
      return { id, kind: 'action', do: 'http_request', fields: { method: 'GET', url: '' } };
    case 'call_webhook':
      return { id, kind: 'action', do: 'call_webhook', fields: { url: '', method: 'POST' } };
  }
}
