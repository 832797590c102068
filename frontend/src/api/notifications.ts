/** Notes to the signed-in person, and the messages that the demo's catchers caught. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, settled, unwrap } from './client';
import { usePages } from './pages';
import type { DemoMessage } from './types';

export const notificationsKey = ['notifications'] as const;

export function useNotifications() {
  return usePages(notificationsKey, (from) =>
    unwrap(client.GET('/api/v1/notifications', { params: { query: from } })),
  );
}

export function useReadNotifications() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { ids: number[]; all: boolean }) =>
      settled(client.POST('/api/v1/notifications/read', { body })),
    onSettled: () => queries.invalidateQueries({ queryKey: notificationsKey }),
  });
}

export function useDemoMessages(kind: DemoMessage['kind']) {
  return usePages(
    ['demo', kind],
    (from) => unwrap(client.GET('/api/v1/demo/messages', { params: { query: { kind, ...from } } })),
    { everyMs: 3_000 },
  );
}
