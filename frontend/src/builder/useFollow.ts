/** A rule that is open in two tabs, or at two people's: what one saves, the other shows, unless it has changes of its own. */
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveNews } from '../api/types';
import { useNews } from '../ui/Stream';
import { follow } from './autosave';
import { announce, type BuilderStore } from './store';

export function useFollow(store: BuilderStore, refresh: () => void): void {
  const { t } = useTranslation();
  const listen = useCallback(
    ({ kind, data }: LiveNews) => {
      const { rule_id: id, etag } = data;
      if (kind !== 'draft' || id !== store.getState().ruleId || typeof etag !== 'string') return;
      follow(store, etag).then(
        (followed) => {
          if (!followed) return;
          refresh();
          announce(store, t('review.conflict.followed'));
        },
        () => undefined, // The server is away: what is open stays as it is.
      );
    },
    [store, refresh, t],
  );
  useNews(listen);
}
