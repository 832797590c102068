/** A problem of a rule in the words of a language: the text of its code, filled with what the check saw. */
import type { TFunction } from 'i18next';

type Told = {
  readonly code: string;
  readonly message?: string | null | undefined;
  readonly args?: { readonly [name: string]: unknown } | undefined;
};

/** Kinds of values, which have words of their own in each language. */
const KINDS = ['found', 'left', 'right', 'wanted'];

/** English from the server stands in for a code that this release of the SPA does not know yet. */
export function problemText(problem: Told, t: TFunction): string {
  const { code, args = {} } = problem;
  const values = Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, said(name, value, t)]),
  );
  const context = args['name'] ? 'named' : typeof args['part'] === 'string' ? args['part'] : '';
  const text = t(`problems.code.${code}`, { ...values, context, defaultValue: problem.message ?? code });
  const hint = values['suggestion'] ? t('problems.suggestion', values) : '';
  return hint === '' || text === problem.message ? text : `${text} ${hint}`;
}

function said(name: string, value: unknown, t: TFunction): string {
  if (name === 'field') return t(`problems.field.${String(value)}`, { defaultValue: String(value) });
  if (!Array.isArray(value)) return String(value);
  const words = value.map(String);
  if (name === 'chain') return words.join(' → ');
  if (!KINDS.includes(name)) return words.join(', ');
  return words.map((kind) => t(`problems.kind.${kind}`, { defaultValue: kind })).join(' / ');
}
