/** Within which hours the rule runs, as one line: "Runs only Monday to Friday, 09:00–18:00 (Asia/Seoul)". */
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useHoursPreview } from '../api/calendars';
import { hoursValue, keepsRuns, keptHours } from '../model/hours';
import type { JSONObject } from '../model/json';
import type { Words } from '../model/wording';
import { useLocale } from '../ui/locale';
import { stateText } from '../ui/openText';

export default function HoursLine({ head, words }: { head: JSONObject; words: Words }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const kept = keptHours(head);
  const hours = hoursValue(kept);
  const { data } = useHoursPreview(keepsRuns(kept) ? hours : undefined);
  if (kept.kind === 'any' || kept.outside === 'run' || hours === undefined) return null;
  return (
    <Text size="sm" data-hours>
      {t(`hours.review.${kept.outside}`, { hours: words.hours(hours) })}
      {data !== undefined && data.holidays > 0 && ` ${t('hours.holidays', { count: data.holidays })}`}
      {data?.now && ` ${stateText(data.now, data.zone, locale, t)}.`}
    </Text>
  );
}
