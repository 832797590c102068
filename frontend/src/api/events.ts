/** Recent changes of a table, and why a rule did or did not run for one. */
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import { usePages } from './pages';
import { ruleKeys, useRule } from './rules';
import type { Explanation } from './types';

export const eventKeys = { all: ['events'] as const };

/** A record's whole primary key, by column. */
export type RecordKey = { readonly [column: string]: unknown };

/** Changes of a table, or of one of its records, newest first. */
export function useChanges(connectionId: number, table: string, record?: RecordKey) {
  const key = record === undefined ? {} : { key: JSON.stringify(record) };
  return usePages(
    [...eventKeys.all, connectionId, table, key],
    (from) =>
      unwrap(
        client.GET('/api/v1/events', {
          params: { query: { connection_id: connectionId, table, ...key, ...from } },
        }),
      ),
    { everyMs: 5_000 },
  );
}

/** Reads one change when somebody chooses it. */
export function useReadChange() {
  const queries = useQueryClient();
  return (log: number, eventId: number) => queries.fetchQuery(oneChange(log, eventId));
}

function oneChange(log: number, eventId: number) {
  return queryOptions({
    queryKey: [...eventKeys.all, 'one', log, eventId],
    queryFn: () =>
      unwrap(client.GET('/api/v1/events/{log}/{event_id}', { params: { path: { log, event_id: eventId } } })),
  });
}

/** One change by its number: an address may name one that is far down the list. */
export function useChange(log: number, eventId: number) {
  return useQuery(oneChange(log, eventId));
}

export function useExplanation(ruleId: number | null, log: number, eventId: number) {
  return useQuery({
    queryKey: ['explain', ruleId, log, eventId],
    queryFn: () =>
      unwrap(
        client.GET('/api/v1/rules/{rule_id}/explain', {
          params: { path: { rule_id: ruleId ?? 0 }, query: { log, event_id: eventId } },
        }),
      ),
    enabled: ruleId !== null,
    // While its run may still be on its way, it is asked again when looked at again.
    staleTime: 5_000,
  });
}

/** The document that an explanation speaks of: the version live at that time, else the rule as it is now. */
export function useRuleOf(ruleId: number | null, explained: Explanation | undefined): unknown {
  const version = explained?.version ?? null;
  const rule = useRule(explained !== undefined && version === null ? ruleId : null);
  const then = useQuery({
    queryKey: [...ruleKeys.versions(ruleId ?? 0), version],
    queryFn: () =>
      unwrap(
        client.GET('/api/v1/rules/{rule_id}/versions/{number}', {
          params: { path: { rule_id: ruleId ?? 0, number: version ?? 0 } },
        }),
      ),
    enabled: ruleId !== null && version !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (version !== null) return then.data?.document ?? null;
  return rule.data ? (rule.data.live ?? rule.data.draft).document : null;
}
