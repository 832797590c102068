/** Notes to the signed-in person, and the messages that the demo's catchers caught. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, settled, unwrap } from './client';

export const notificationsKey = ['notifications'] as const;

export function useNotifications() {
  return useQuery({
    queryKey: notificationsKey,
    queryFn: () => unwrap(client.GET('/api/v1/notifications')),
  });
}

export function useReadNotifications() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { ids: number[]; all: boolean }) =>
      settled(client.POST('/api/v1/notifications/read', { body })),
    onSettled: () => queries.invalidateQueries({ queryKey: notificationsKey }),
  });
}

export function useDemoMessages(kind: 'mail' | 'hook') {
  return useQuery({
    queryKey: ['demo', kind],
    queryFn: () => unwrap(client.GET('/api/v1/demo/messages', { params: { query: { kind } } })),
    refetchInterval: 3_000,
  });
}
