import { useTranslation } from 'react-i18next';
import { useLocale } from './locale';
import { fullTime, relativeTime } from './time';
import { useNow } from './useNow';

/** "2 min ago", kept fresh; the exact moment in its title. */
export function RelativeTime({ at }: { at: string | null | undefined }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  if (!at) return <span>—</span>;
  const moment = new Date(at);
  const latest = moment > now ? new Date() : now;
  return (
    <time dateTime={at} title={fullTime(moment, locale)} style={{ whiteSpace: 'nowrap' }}>
      {relativeTime(moment, latest, locale, t('ui.justNow'))}
    </time>
  );
}
