/** The steps that can be added: what the palette and the + menu offer, and what a new one begins with. */
import { NEW_WHERE } from '../model/finding';
import type { RuleNode } from '../model/rule';
import { addWay } from '../model/ways';
import type { Tone } from '../model/wording';
import { zoneHere } from '../ui/zones';

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
    | 'emit_event'
    | 'for_each'
    | 'run_rule'
    | 'find_record'
    | 'find_records'
    | 'make_report'
    | 'ask_approval'
    | 'assign'
    | 'queue_call'
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
  { key: 'ask_approval', group: 'tell', tone: 'tell', prefix: 'a' },
  { key: 'queue_call', group: 'tell', tone: 'tell', prefix: 'a' },
  { key: 'assign', group: 'data', tone: 'data', prefix: 'a' },
  { key: 'update_record', group: 'data', tone: 'data', prefix: 'a' },
  { key: 'create_record', group: 'data', tone: 'data', prefix: 'a' },
  { key: 'find_record', group: 'data', tone: 'data', prefix: 'f' },
  { key: 'find_records', group: 'data', tone: 'data', prefix: 'f' },
  { key: 'make_report', group: 'data', tone: 'data', prefix: 'a' },
  { key: 'call_webhook', group: 'connect', tone: 'connect', prefix: 'a' },
  { key: 'http_request', group: 'connect', tone: 'connect', prefix: 'a' },
  { key: 'run_rule', group: 'connect', tone: 'connect', prefix: 'a' },
  { key: 'emit_event', group: 'connect', tone: 'connect', prefix: 'a' },
  { key: 'for_each', group: 'flow', tone: 'wait', prefix: 'f' },
  { key: 'wait', group: 'flow', tone: 'wait', prefix: 'w' },
];

export const GROUPS = ['decide', 'tell', 'data', 'connect', 'flow'] as const;

/** Steps that are no actions. */
const OTHERS: readonly string[] = ['condition', 'choose', 'for_each', 'wait'];

/** What a card's icon is chosen by. */
export function iconNode(kind: StepKind): { kind: string; do?: string } {
  return OTHERS.includes(kind.key) ? { kind: kind.key } : { kind: 'action', do: kind.key };
}

export type Defaults = {
  readonly mail: string;
  readonly connection: string;
  readonly sms: string;
  /** The rule's own; '' where it has none. */
  readonly table: string;
};

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
    case 'ask_approval':
      return {
        id,
        kind: 'action',
        do: 'ask_approval',
        fields: {
          to: '',
          question: '',
          ...(defaults.mail === '' ? {} : { connection: defaults.mail }),
          at_most: { amount: 3, unit: 'days' },
        },
      };
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
        fields: {
          ...(defaults.sms === '' ? {} : { connection: defaults.sms }),
          to: '',
          text: '',
          unless_listed: true,
        },
      };
    case 'assign':
      return {
        id,
        kind: 'action',
        do: 'assign',
        fields: { people: [''], ...(defaults.table === '' ? {} : { column: '' }) },
      };
    case 'queue_call':
      return { id, kind: 'action', do: 'queue_call', fields: { list: '', phone: '' } };
    case 'http_request':
      return { id, kind: 'action', do: 'http_request', fields: { method: 'GET', url: '' } };
    case 'for_each':
      return { id, kind: 'for_each', over: '' };
    case 'emit_event':
      return { id, kind: 'action', do: 'emit_event', fields: { type: '' } };
    case 'run_rule':
      return { id, kind: 'action', do: 'run_rule', fields: { rule: {} } };
    case 'find_record':
    case 'find_records':
      return {
        id,
        kind: 'action',
        do: kind.key,
        fields: { connection: defaults.connection, table: '', where: NEW_WHERE },
      };
    case 'make_report': {
      const zone = zoneHere();
      return {
        id,
        kind: 'action',
        do: 'make_report',
        fields: {
          title: '',
          format: 'xlsx',
          connection: defaults.connection,
          table: '',
          where: true,
          ...(zone === 'UTC' ? {} : { zone }),
        },
      };
    }
    case 'call_webhook':
      return { id, kind: 'action', do: 'call_webhook', fields: { url: '', method: 'POST' } };
  }
}
