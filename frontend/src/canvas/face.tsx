/** What a card shows of a step: kicker, title, text, icon and colour. */
import {
  IconArrowsSplit2,
  IconBell,
  IconBolt,
  IconCalendarDue,
  IconCalendarTime,
  IconClock,
  IconDatabaseEdit,
  IconDatabaseSearch,
  IconFilePlus,
  IconFileSpreadsheet,
  IconFlag3,
  IconHandClick,
  IconListNumbers,
  IconListSearch,
  IconMail,
  IconMessage,
  IconPhoneCall,
  IconPlayerTrackNext,
  IconPuzzle,
  IconRepeat,
  IconSpeakerphone,
  IconUserCheck,
  IconUserShare,
  IconWebhook,
  IconWorldDownload,
  IconWorldUpload,
} from '@tabler/icons-react';
import { listAt, textAt, textsAt } from '../model/json';
import type { RuleNode } from '../model/rule';
import { conditionCount, stepWords, toneOf } from '../model/stepWords';
import type { Tone, Words } from '../model/wording';

export type Face = {
  readonly tone: Tone;
  readonly kicker: string;
  readonly title: string;
  readonly text: string;
};

/** A key under `builder.` for the step's name: `step.send_email`, `step.start.field`. */
export function titleKey(node: RuleNode): string {
  if (node.kind === 'action') return `step.${textAt(node, 'do')}`;
  if (node.kind !== 'trigger') return `step.${node.kind}`;
  const on = textAt(node, 'on');
  if (on !== 'change') return `step.start.${on || 'unknown'}`;
  const events = listAt(node, 'events');
  if (events.length > 1) return 'step.start.change';
  if (events[0] === 'update')
    return textsAt(node, 'columns').length > 0 ? 'step.start.field' : 'step.start.update';
  return `step.start.${events[0] === 'insert' || events[0] === 'delete' ? events[0] : 'change'}`;
}

const KICKERS: Readonly<Record<string, string>> = {
  trigger: 'when',
  condition: 'if',
  choose: 'if',
  action: 'then',
  wait: 'wait',
  for_each: 'then',
  end: 'end',
};

export function faceOf(
  node: RuleNode,
  words: Words,
  say: (key: string, values?: Record<string, unknown>) => string,
): Face {
  const count = node.kind === 'condition' ? conditionCount(node) : 0;
  return {
    tone: toneOf(node),
    kicker: say(`builder.kicker.${KICKERS[node.kind] ?? 'then'}`),
    title:
      node.kind === 'condition'
        ? say('builder.step.conditions', { count })
        : say(`builder.${titleKey(node)}`, {
            defaultValue: say('importing.strangeStep', { kind: textAt(node, 'do') || node.kind }),
          }),
    text: stepWords(node, words),
  };
}

const ACTION_ICONS = {
  update_record: IconDatabaseEdit,
  create_record: IconFilePlus,
  send_email: IconMail,
  notify: IconBell,
  call_webhook: IconWebhook,
  send_sms: IconMessage,
  http_request: IconWorldUpload,
  emit_event: IconSpeakerphone,
  run_rule: IconPlayerTrackNext,
  find_record: IconDatabaseSearch,
  find_records: IconListSearch,
  make_report: IconFileSpreadsheet,
  ask_approval: IconUserCheck,
  assign: IconUserShare,
  queue_call: IconPhoneCall,
} as const;

function isActionIcon(kind: string): kind is keyof typeof ACTION_ICONS {
  return Object.hasOwn(ACTION_ICONS, kind);
}

export function StepIcon({
  node,
  size = 20,
}: {
  node: { kind: string; on?: unknown; do?: unknown };
  size?: number;
}) {
  const Icon = iconOf(node);
  return <Icon size={size} stroke={1.75} aria-hidden />;
}

const START_ICONS = {
  schedule: IconCalendarTime,
  date: IconCalendarDue,
  webhook: IconWorldDownload,
  manual: IconHandClick,
} as const;

function isStartIcon(on: unknown): on is keyof typeof START_ICONS {
  return typeof on === 'string' && on in START_ICONS;
}

function iconOf(node: { kind: string; on?: unknown; do?: unknown }) {
  switch (node.kind) {
    case 'trigger':
      return isStartIcon(node.on) ? START_ICONS[node.on] : IconBolt;
    case 'condition':
      return IconArrowsSplit2;
    case 'choose':
      return IconListNumbers;
    case 'for_each':
      return IconRepeat;
    case 'wait':
      return IconClock;
    case 'end':
      return IconFlag3;
    default:
      return typeof node.do === 'string' && isActionIcon(node.do) ? ACTION_ICONS[node.do] : IconPuzzle;
  }
}
