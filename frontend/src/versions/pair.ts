/** Which two versions are compared where the address does not say. Pure. */
import type { Rule } from '../api/types';
import type { Which } from '../api/versions';

type Facts = Pick<Rule, 'live_version' | 'has_draft' | 'versions_count'>;

/** What a version is naturally compared with: the one before it; the draft with the live one. Null: with nothing. */
export function olderThan(rule: Facts, which: Which): Which | null {
  if (which === 'draft') return rule.live_version;
  return which > 1 ? which - 1 : null;
}

/** The draft when it holds something new, else the latest version; each with what came before it. */
export function defaultPair(rule: Facts, a?: Which, b?: Which): readonly [Which | null, Which] {
  const latest = rule.versions_count;
  const now = b ?? (rule.has_draft || latest < 2 ? 'draft' : latest);
  return [a ?? olderThan(rule, now), now];
}
