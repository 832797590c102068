/** The store of the rule that was opened, with what this browser kept of an unsaved draft. */
import { useMediaQuery } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import type { Rule } from '../api/types';
import { open } from '../model/graph';
import { isObject, same } from '../model/json';
import { foundOf } from '../model/problems';
import { focusPanel } from './cardFocus';
import { forgetKept, keptDraft } from './keptDrafts';
import { type BuilderStore, createBuilder, put } from './store';

export type BuilderProps = {
  readonly rule: Rule;
  readonly mayEdit: boolean;
  readonly step: string | null;
  /** The place of a problem of that step, as the check names it: the cursor goes there. */
  readonly problem: string | null;
  /** The record to test with, by its key. */
  readonly record: string | null;
  readonly refresh: () => void;
};

export function useBuilderFor({ rule, mayEdit, step }: BuilderProps): BuilderStore {
  const small = useMediaQuery('(max-width: 768px)', window.innerWidth <= 768);
  const [store] = useState(() => {
    const saved: unknown = rule.draft.document;
    const made = createBuilder({
      ruleId: rule.id,
      document: isObject(saved) ? saved : {},
      etag: rule.draft.etag,
      found: foundOf(rule.problems),
      // A rule that is on is only looked at until somebody presses Edit.
      editing: mayEdit && (!rule.enabled || rule.has_draft),
      selected: step,
      view: small ? 'list' : 'canvas',
    });
    const kept = keptDraft(rule.id);
    if (kept && isObject(saved) && same(kept.document, saved)) forgetKept(rule.id);
    else if (kept && mayEdit) {
      put(made, open(kept.document));
      // Made from another draft than the server has: saving it asks which of them goes on.
      made.setState({ etag: kept.etag, editing: true });
    }
    return made;
  });
  // A rule without a start asks for it first: the keyboard stands there already.
  useEffect(() => {
    const { selected, editing } = store.getState();
    if (selected !== null && editing && step === null && !small) focusPanel();
  }, [store, step, small]);
  return store;
}
