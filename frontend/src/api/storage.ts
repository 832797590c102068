/** What takes room on the disk, how fast it grows, and how long it is kept. */
import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from './client';

export function useStorage() {
  return useQuery({
    queryKey: ['storage'],
    queryFn: () => unwrap(client.GET('/api/v1/storage')),
  });
}
