/** By whose clock the day or the time is meant: a time zone, and where a new one is taken from. */
import { Select } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { documentOf } from '../model/graph';
import { zoneIn } from '../model/today';
import { zoneHere, zones } from '../ui/zones';
import { useOpened } from './store';

/** The zone that the rule speaks of already, else the one of this browser. */
export function useZone(): string {
  const opened = useOpened();
  return useMemo(() => zoneIn(documentOf(opened)) ?? zoneHere(), [opened]);
}

type Props = {
  readonly zone: string;
  readonly onChange: (zone: string) => void;
  /** A field of its own, no footnote of the one above. */
  readonly apart?: boolean;
};

export function ZoneChoice({ zone, onChange, apart = false }: Props) {
  const { t } = useTranslation();
  const known = zones();
  return (
    <Select
      label={t('builder.today.zoneLabel')}
      size={apart ? 'sm' : 'xs'}
      mt={apart ? 0 : 8}
      searchable
      limit={60}
      data={known.includes(zone) ? known : [zone, ...known]}
      value={zone}
      onChange={(chosen) => chosen !== null && onChange(chosen)}
    />
  );
}
