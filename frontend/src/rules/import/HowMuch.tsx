/** How much of what came in is understood: "Understood 6 of 7 steps", of one rule or of all that can be kept. */
import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportItem } from '../../api/types';
import { open } from '../../model/graph';
import { isObject } from '../../model/json';
import { type Understanding, understanding } from './understanding';

const NOTHING: Understanding = { steps: 0, understood: 0, advanced: 0, unknown: 0 };

function together(items: readonly ImportItem[]): Understanding {
  return items
    .filter((item) => item.action !== 'refuse')
    .map((item) => understanding(open(isObject(item.document) ? item.document : {}), item.understood.foreign))
    .reduce(
      (sum, one) => ({
        steps: sum.steps + one.steps,
        understood: sum.understood + one.understood,
        advanced: sum.advanced + one.advanced,
        unknown: sum.unknown + one.unknown,
      }),
      NOTHING,
    );
}

export function HowMuch({ items }: { items: readonly ImportItem[] }) {
  const { t } = useTranslation();
  const told = useMemo(() => together(items), [items]);
  if (told.steps === 0) return null;
  return (
    <Text size="sm" c="dimmed" data-understood>
      {[
        told.understood === told.steps
          ? t('importing.understoodAll', { count: told.steps })
          : t('importing.understood', { count: told.steps, understood: told.understood }),
        ...(told.advanced > 0 ? [t('importing.advanced', { count: told.advanced })] : []),
        ...(told.unknown > 0 ? [t('importing.unknown', { count: told.unknown })] : []),
      ].join(' ')}
    </Text>
  );
}
