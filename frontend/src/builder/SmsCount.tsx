/** How many parts a text message takes, and why they hold less than one may think. */
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { MOST_PARTS, smsParts } from '../model/smsParts';

export function SmsCount({ text }: { text: string }) {
  const { t } = useTranslation();
  const size = smsParts(text);
  return (
    <div data-sms-parts={size.parts}>
      <Text size="xs" c="dimmed">
        {size.units === 0 ? t('sms.empty') : t('sms.count', { units: size.units, count: size.parts })}
      </Text>
      {size.alphabet === 'ucs2' && (
        <Text size="xs" c="dimmed">
          {t('sms.wide')}
        </Text>
      )}
      {size.parts > MOST_PARTS && (
        <Text size="xs" c="var(--mantine-color-error)">
          {t('sms.tooMany', { parts: size.parts, most: MOST_PARTS })}
        </Text>
      )}
    </div>
  );
}
