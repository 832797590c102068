/** Recent changes of a table, and why a rule did or did not run for one. */
import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from './client';

export const eventKeys = { all: ['events'] as const };

export function useChanges(connectionId: number, table: string) {
  return useQuery({
    queryKey: [...eventKeys.all, connectionId, table],
    queryFn: () =>
      unwrap(
        client.GET('/api/v1/events', {
          params: { query: { connection_id: connectionId, table, limit: 25 } },
        }),
      ),
    refetchInterval: 5_000,
  });
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
    staleTime: 60_000,
  });
}
