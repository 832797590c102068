/** Import: what would become of a text or an address, the import itself, and its undo. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { saveDraft } from './builder';
import { client, settled, unwrap } from './client';
import { ruleKeys } from './rules';
import type { ImportItem, ImportMatch, ImportTwin } from './types';

export type Source =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'url'; readonly url: string };

export type Choices = {
  readonly matches: readonly ImportMatch[];
  readonly twins: Readonly<Record<string, ImportTwin>>;
};

export const NO_CHOICES: Choices = { matches: [], twins: {} };

function send(source: Source, choices: Choices, how: { dryRun: boolean; suggest: boolean }) {
  return unwrap(
    client.POST('/api/v1/import/source', {
      params: { query: { dry_run: how.dryRun } },
      body: {
        ...(source.kind === 'text' ? { text: source.text } : { url: source.url }),
        matches: [...choices.matches],
        twins: { ...choices.twins },
        suggest: how.suggest,
      },
    }),
  );
}

/** The first look, which also reads an address. */
export function useLookAtSource() {
  return useMutation({
    mutationFn: (source: Source) => send(source, NO_CHOICES, { dryRun: true, suggest: true }),
  });
}

/** What would be made of a text with these choices; `round` names the text. Asked again as they change. */
export function useImportCheck(text: string, round: number, choices: Choices) {
  return useQuery({
    queryKey: ['import', round, choices],
    queryFn: () => send({ kind: 'text', text }, choices, { dryRun: true, suggest: true }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
}

export function useImport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { text: string; choices: Choices }) =>
      send({ kind: 'text', text: input.text }, input.choices, { dryRun: false, suggest: false }),
    onSettled: () => queries.invalidateQueries({ queryKey: ruleKeys.all }),
  });
}

/** Archives what an import made and puts back the drafts that it replaced. Returns the names where that failed. */
export function useUndoImport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (items: readonly ImportItem[]) => {
      const failed: string[] = [];
      for (const item of items) {
        try {
          await undo(item);
        } catch {
          failed.push(item.as_name);
        }
      }
      return failed;
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ruleKeys.all }),
  });
}

async function undo(item: ImportItem): Promise<void> {
  if (item.rule_id === null) return;
  if (item.action === 'create') {
    await settled(client.DELETE('/api/v1/rules/{rule_id}', { params: { path: { rule_id: item.rule_id } } }));
  } else if (item.action === 'update' && item.previous && item.etag) {
    await saveDraft(item.rule_id, item.previous, item.etag);
  }
}
