/** The sentences of an explanation in the reader's language, from the codes and args that the server gives. */
import type { TFunction } from 'i18next';
import { faultText } from '../i18n/faultText';
import { isObject, type JSONObject, type JSONValue, textAt, textsAt } from '../model/json';
import { type FlipLike, type Need, needsOf } from '../model/reason';
import type { Words } from '../model/wording';
import { branchName } from './branchName';

export type Reason = { readonly code: string; readonly args: unknown; readonly message: string };

export type Reasoned = {
  readonly fired: boolean;
  readonly reason: string;
  readonly reason_code: string;
  readonly reasons: readonly Reason[];
  readonly nearest: readonly FlipLike[];
  readonly version?: number | null;
  readonly run_id?: number | null;
};

export type Logics = (node: string) => JSONValue | undefined;

/** What the paths of a condition's comparisons start from: its logic; of a choose, the node itself. */
export function logicsOf(nodes: readonly JSONObject[]): Logics {
  const known = new Map(
    nodes.map((node) => [textAt(node, 'id'), node['kind'] === 'choose' ? node : node['logic']]),
  );
  return (node) => known.get(node);
}

/** One comparison: what was needed, and what was there. */
export function needText(need: Need, t: TFunction): string {
  return need.kind === 'compare'
    ? t('why.need.compare', { condition: need.condition, seen: need.seen })
    : t(`why.need.${need.kind}`, { field: need.field, seen: need.seen });
}

function moment(args: JSONObject, name: string, locale: string): string {
  const at = new Date(textAt(args, name));
  return Number.isNaN(at.getTime())
    ? ''
    : at.toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'medium' });
}

const ON = ['change', 'schedule', 'manual'];
/** Reasons that are about the record or the run, whichever version was looked at. */
const AS_IT_IS = ['no-run', 'outside-hours', 'once-done', 'once-today', 'taken-in', 'related-now', 'gap'];

/** One reason as a sentence; English from the server stands in for a code that is not known here. */
export function reasonText(reason: Reason, words: Words, t: TFunction, locale: string): string {
  const args = isObject(reason.args) ? reason.args : {};
  const fields = (names: readonly string[]): string =>
    words.list(
      names.map((name) => words.field(`after.${name}`)),
      'and',
    );
  const tell = (key: string, values: Record<string, unknown> = {}): string =>
    t(`why.reason.${key}`, { ...values, defaultValue: reason.message });
  switch (reason.code) {
    case 'other-connection':
      return tell(reason.code, { wanted: textAt(args, 'wanted'), found: textAt(args, 'found') });
    case 'other-table':
      return tell(reason.code, {
        wanted: words.table(textAt(args, 'wanted')),
        found: words.table(textAt(args, 'found')),
      });
    case 'other-operation':
      return tell(reason.code, {
        op: t(`why.op.${textAt(args, 'op')}`),
        events: words.list(
          textsAt(args, 'events').map((op) => t(`why.op.${op}`)),
          'or',
        ),
      });
    case 'other-columns': {
      const changed = textsAt(args, 'changed');
      const columns = fields(textsAt(args, 'columns'));
      return changed.length === 0
        ? tell('other-columns-none', { columns })
        : tell(reason.code, { columns, changed: fields(changed) });
    }
    case 'not-the-trigger': {
      const on = textAt(args, 'on');
      return ON.includes(on) ? tell(`not-the-trigger-${on}`) : tell(reason.code);
    }
    case 'condition-false':
      return tell(reason.code, {
        branch: textAt(args, 'way') || branchName(undefined, textAt(args, 'branch') || 'no', t),
      });
    case 'error': {
      const error = args['error'];
      return tell(reason.code, {
        error: isObject(error)
          ? faultText(
              {
                code: textAt(error, 'code'),
                message: textAt(error, 'message'),
                args: isObject(error['args']) ? error['args'] : {},
              },
              t,
            )
          : '',
      });
    }
    case 'outside-hours': {
      const at = moment(args, 'until', locale);
      const outside = textAt(args, 'outside');
      return tell(`${reason.code}-${outside === 'wait' && at === '' ? 'never' : outside}`, { at });
    }
    case 'once-done':
    case 'once-today':
      return tell(
        reason.code,
        typeof args['run'] === 'number' ? { run: String(args['run']), context: 'run' } : {},
      );
    case 'taken-in':
      return tell(reason.code, { run: String(args['run']) });
    case 'rule-off':
      return 'off_at' in args
        ? tell('rule-off-since', { at: moment(args, 'off_at', locale) })
        : tell('rule-off-until', { at: moment(args, 'on_at', locale) });
    case 'rule-not-made':
      return 'on_at' in args
        ? tell('rule-not-made-on', {
            at: moment(args, 'made_at', locale),
            on: moment(args, 'on_at', locale),
          })
        : tell(reason.code, { at: moment(args, 'made_at', locale) });
    case 'gap': {
      const kind = textAt(args, 'kind');
      if (kind !== 'lost' && kind !== 'losing')
        return tell(`gap-${kind}`, { at: moment(args, 'at', locale) });
      return t(`data.gap.${kind === 'lost' ? 'closed' : 'open'}`, {
        from: moment(args, 'from', locale),
        to: moment(args, 'to', locale),
        why: t(`data.gap.cause.${textAt(args, 'cause')}`),
      });
    }
    default:
      return tell(reason.code);
  }
}

export type Told = {
  /** What was so, outside of the conditions; the last is about the version that was looked at. */
  readonly sentences: readonly string[];
  /** Which comparisons decided. */
  readonly needs: readonly string[];
};

/** The whole answer: sentences, and the comparisons that would have to come out otherwise. */
export function told(found: Reasoned, logics: Logics, words: Words, t: TFunction, locale: string): Told {
  // The server leaves out what is usual: a flip without a kind is a comparison.
  const flips = found.nearest.filter((flip) => ['compare', 'already'].includes(flip.kind ?? 'compare'));
  const needs = needsOf(flips, logics, words).map((need) => needText(need, t));
  const sentences = found.reasons.flatMap((reason, index) => {
    // The comparisons say it better.
    if (reason.code === 'condition-false' && needs.length > 0) return [];
    if (reason.code === 'fired' && found.run_id != null) return [];
    const text = reasonText(reason, words, t, locale);
    if (index === 0 || AS_IT_IS.includes(reason.code)) return [text];
    const version = found.version ?? null;
    return [version === null ? t('why.withDraft', { text }) : t('why.withVersion', { version, text })];
  });
  if (sentences.length + needs.length > 0) return { sentences, needs };
  return { sentences: [found.reason_code === 'fired' ? t('why.reason.ran') : found.reason], needs };
}
