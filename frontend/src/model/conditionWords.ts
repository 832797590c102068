/** Conditions, texts and values in words. */
import { type Comparison, type Condition, ORDERING, type Term } from './condition';
import { isList, isObject, type JSONValue } from './json';
import { pieces, toTemplate } from './template';
import { isWorkdays, pathOf, type TodayPart, todayOf } from './today';
import { inWords, type Words } from './wording';

export function termWords(term: Term | undefined, path: string | null, words: Words): string {
  if (!term) return '…';
  switch (term.kind) {
    case 'value':
      if (isList(term.value) && isWorkdays(path, term.value)) return words.phrase('today.workday');
      return isList(term.value)
        ? words.list(
            term.value.map((item) => words.value(item, path)),
            'or',
          )
        : words.value(term.value, path);
    case 'field':
      return words.field(term.path);
    case 'moment':
      return inWords(words, term.amount < 0 ? 'condition.ago' : 'condition.ahead', {
        duration: words.duration(Math.abs(term.amount), term.unit),
      });
  }
}

const CLOCKED: readonly TodayPart[] = ['date', 'time'];

/** Does the path stand for a day or a time? Then the other side is before or after it, not less or more. */
function timely(path: string): boolean {
  const today = todayOf(path);
  return today !== null && CLOCKED.includes(today.part);
}

function phraseKey({ field, op, args }: Comparison): string {
  const path = field ?? '';
  // Days are said as they are: "is not Saturday or Sunday".
  if (op === 'notOneOf' && todayOf(path)) return 'condition.isNot';
  const dated =
    timely(path) ||
    args.some((term) => term.kind === 'moment' || (term.kind === 'field' && timely(term.path)));
  return dated && ORDERING.includes(op) && op !== 'between' ? `condition.date_${op}` : `condition.${op}`;
}

export function comparisonWords(comparison: Comparison, words: Words): string {
  const { field, args } = comparison;
  return inWords(words, phraseKey(comparison), {
    field: field === null ? '…' : words.field(field),
    value: termWords(args[0], field, words),
    other: termWords(args[1], field, words),
  });
}

/** A condition in words; groups inside groups stand in brackets. */
export function conditionWords(condition: Condition, words: Words, inner = false): string {
  switch (condition.kind) {
    case 'advanced':
      return words.phrase('condition.advanced');
    case 'comparison':
      return comparisonWords(condition, words);
    case 'group': {
      const items = condition.items.map((item) => conditionWords(item, words, true));
      const join = condition.mode === 'any' || condition.mode === 'none' ? 'or' : 'and';
      const list = words.list(items, join);
      const said =
        condition.mode === 'none' || condition.mode === 'notall'
          ? inWords(words, 'condition.not', { list })
          : list;
      return inner && items.length > 1 ? inWords(words, 'condition.brackets', { list: said }) : said;
    }
  }
}

/** Text with fields, as people read it: `Hello {first name}`. */
export function templateWords(logic: JSONValue | undefined, words: Words): string {
  const template = toTemplate(logic);
  if (template === null) {
    if (isList(logic))
      return words.list(
        logic.map((item) => templateWords(item, words)),
        'and',
      );
    return isObject(logic) ? '…' : String(logic);
  }
  return pieces(template)
    .map((piece) => (piece.kind === 'text' ? piece.text : `{${words.field(piece.path)}}`))
    .join('');
}

/** A value to be written or sent: as its field shows it, or a text with fields in braces. */
export function valueWords(value: JSONValue, path: string | null, words: Words, table = ''): string {
  const own = pathOf(value);
  if (own !== null && todayOf(own)) return words.field(own);
  return isObject(value) ? templateWords(value, words) : words.value(value, path, table);
}
