/** The fields of a table as people know them: what they are called, which are new, which rules use them. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, settled, unwrap } from './client';

export function useFieldUses(connectionId: number, table: string) {
  return useQuery({
    queryKey: ['tables', connectionId, table, 'uses'],
    queryFn: () =>
      unwrap(
        client.GET('/api/v1/connections/{connection_id}/tables/{table}/uses', {
          params: { path: { connection_id: connectionId, table } },
        }),
      ),
  });
}

/** An empty label goes back to the column's own name. */
export function useNameField(connectionId: number, table: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { column: string; label: string }) =>
      settled(
        client.PUT('/api/v1/connections/{connection_id}/tables/{table}/columns/{column}/label', {
          params: { path: { connection_id: connectionId, table, column: input.column } },
          body: { label: input.label },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ['tables'] }),
  });
}

/** From now on all fields of the table are known. */
export function useSeeFields(connectionId: number, table: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      settled(
        client.POST('/api/v1/connections/{connection_id}/tables/{table}/fields-seen', {
          params: { path: { connection_id: connectionId, table } },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ['tables'] }),
  });
}
