/** Which fields of an action its form shows. What a step has beyond them is kept by every edit, and said. Pure. */
import { objectAt, textAt } from './json';
import type { RuleNode } from './rule';

const SEARCH = ['connection', 'table', 'where', 'order', 'columns'];
const REPORT = ['title', 'format', 'zone'];

/** By kind of action. Of a report either its search or its list is shown. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  update_record: ['set'],
  create_record: ['connection', 'table', 'set'],
  assign: [
    ...['people', 'by', 'away', 'column', 'taken', 'rotation'],
    ...['count_table', 'count_column', 'count_where'],
  ],
  send_email: ['connection', 'to', 'cc', 'reply_to', 'subject', 'body', 'html', 'attachments'],
  send_sms: ['connection', 'to', 'text', 'unless_listed'],
  queue_call: ['list', 'phone', 'country', 'name', 'note', 'priority', 'due', 'until', 'again'],
  call_webhook: ['connection', 'url', 'method', 'headers', 'payload'],
  http_request: ['connection', 'method', 'url', 'query', 'headers', 'body', 'accept', 'answer'],
  find_record: SEARCH,
  find_records: [...SEARCH, 'limit', 'totals'],
  notify: ['to', 'title', 'body'],
  emit_event: ['type', 'data'],
  run_rule: ['rule', 'record', 'data'],
  make_report: [...REPORT, 'columns', 'rows'],
  ask_approval: ['to', 'question', 'details', 'connection', 'at_most', 'remind', 'comment'],
};

/** The fields that are set and have no place in the form, in their order. None where the kind is not known. */
export function unshown(node: RuleNode): readonly string[] {
  const fields = objectAt(node, 'fields');
  const kind = textAt(node, 'do');
  const shown = kind === 'make_report' && 'where' in fields ? [...REPORT, ...SEARCH, 'limit'] : SHOWN[kind];
  return shown === undefined ? [] : Object.keys(fields).filter((field) => !shown.includes(field));
}

/** Every field of a kind that its form shows in one shape or another; none where the kind is not known. */
export function shownFields(kind: string): readonly string[] {
  return kind === 'make_report' ? [...REPORT, 'rows', ...SEARCH, 'limit'] : (SHOWN[kind] ?? []);
}
