/** How often and how fast a rule goes, as sentences for the review before it is turned on. */
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { JSONObject } from '../model/json';
import { onceOf } from '../model/once';
import { timingOf } from '../model/timing';

export default function TimingLines({ policy }: { policy: JSONObject }) {
  const { t } = useTranslation();
  const { pace, settle, batch } = timingOf(policy);
  const once = onceOf(policy);
  const lines = [
    once && t(`timing.says.once.${once}`),
    settle && t(`timing.says.settle.${settle.unit}`, { count: settle.amount }),
    batch && t(`timing.says.batch.${batch.within.unit}`, { most: batch.atMost, amount: batch.within.amount }),
    pace && t(`timing.says.pace.${pace.per}`, { count: pace.atMost }),
  ].filter((line) => line !== null);
  return lines.map((line) => (
    <Text key={line} size="sm" data-timing-line>
      {line}
    </Text>
  ));
}
