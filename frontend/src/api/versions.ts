/** Two versions of a rule beside each other: documents, differences, stored changes that they decide differently. */
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { readRule, saveDraft } from './builder';
import { client, unwrap } from './client';
import { usePages } from './pages';
import { ruleKeys } from './rules';
import type { JsonObject, Rule } from './types';

export type Which = number | 'draft';
/** `etag` of the draft: what is compared with it is asked anew when it was saved. */
export type Pair = {
  readonly ruleId: number;
  readonly old: Which;
  readonly now: Which;
  readonly etag: string;
};

function keyOf(pair: Pair) {
  const withDraft = pair.old === 'draft' || pair.now === 'draft';
  return [pair.old, pair.now, withDraft ? pair.etag : ''];
}

function pathOf({ ruleId, old, now }: Pair) {
  return { rule_id: ruleId, number: String(old), other: String(now) };
}

export function useDiff(pair: Pair | null) {
  return useQuery({
    queryKey: [...ruleKeys.versions(pair?.ruleId ?? 0), 'diff', ...(pair ? keyOf(pair) : [])],
    queryFn: () =>
      unwrap(
        client.GET('/api/v1/rules/{rule_id}/versions/{number}/diff/{other}', {
          params: { path: pair ? pathOf(pair) : { rule_id: 0, number: '', other: '' } },
        }),
      ),
    enabled: pair !== null,
    retry: false,
    staleTime: 60_000,
  });
}

export function useDifferentEvents(pair: Pair, enabled: boolean) {
  return usePages(
    [...ruleKeys.versions(pair.ruleId), 'different', ...keyOf(pair)],
    (from) =>
      unwrap(
        client.GET('/api/v1/rules/{rule_id}/versions/{number}/diff/{other}/events', {
          params: { path: pathOf(pair), query: { limit: 10, ...from } },
        }),
      ),
    { enabled },
  );
}

function versionDocument(ruleId: number, number: number) {
  return queryOptions({
    queryKey: [...ruleKeys.versions(ruleId), number],
    queryFn: () =>
      unwrap(
        client.GET('/api/v1/rules/{rule_id}/versions/{number}', {
          params: { path: { rule_id: ruleId, number } },
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

/** The document of a version, or of the draft. */
export function useDocument(rule: Rule, which: Which | null) {
  const number = which === null || which === 'draft' ? null : which;
  const version = useQuery({ ...versionDocument(rule.id, number ?? 0), enabled: number !== null });
  if (which === 'draft') return { document: rule.draft.document, error: null };
  return { document: version.data?.document ?? null, error: version.error };
}

export type Restored = { readonly before: JsonObject; readonly etag: string };

/** Makes a version the draft; gives back the draft that was there and the new one's etag, so that it can be undone. */
export function useRestore(ruleId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (number: number): Promise<Restored> => {
      const before = await readRule(ruleId);
      const rule = await unwrap(
        client.POST('/api/v1/rules/{rule_id}/versions/{number}/restore', {
          params: { path: { rule_id: ruleId, number } },
        }),
      );
      return { before: before.draft.document, etag: rule.draft.etag };
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ruleKeys.all }),
  });
}

export function useUndoRestore(ruleId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ before, etag }: Restored) => saveDraft(ruleId, before, etag),
    onSettled: () => queries.invalidateQueries({ queryKey: ruleKeys.all }),
  });
}
