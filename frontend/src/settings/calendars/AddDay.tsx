/** One day more: free, free every year, or worked. */
import { Button, Group, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CalendarInput } from '../../api/types';
import { useLocale } from '../../ui/locale';
import classes from './calendars.module.css';
import { DAYS, type Day, type Special } from './draft';
import { dayName } from './said';

const KINDS = ['free', 'yearly', 'worked'] as const;

type Props = { readonly week: CalendarInput['week']; readonly onPut: (day: Special) => void };

export function AddDay({ week, onPut }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  const worked = DAYS.filter((day) => week[day].length > 0);
  const [on, setOn] = useState('');
  const [name, setName] = useState('');
  const [kind, setKind] = useState<Special['kind']>('free');
  const [like, setLike] = useState<Day>(worked[0] ?? 'mon');
  return (
    <div className={classes.quiet} style={{ marginBottom: 12 }}>
      <Group gap="sm" align="flex-end">
        <TextInput
          type="date"
          label={t('calendars.days.date')}
          value={on}
          onChange={(event) => setOn(event.currentTarget.value)}
        />
        <TextInput
          label={t('calendars.days.name')}
          value={name}
          maxLength={80}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label={t('calendars.days.kind')}
          data={KINDS.map((one) => ({ value: one, label: t(`calendars.days.kinds.${one}`) }))}
          value={kind}
          onChange={(chosen) => setKind(KINDS.find((one) => one === chosen) ?? 'free')}
        />
        {kind === 'worked' && (
          <Select
            label={t('calendars.days.like')}
            data={worked.map((day) => ({ value: day, label: dayName(day, locale) }))}
            value={like}
            onChange={(chosen) => setLike(DAYS.find((day) => day === chosen) ?? like)}
          />
        )}
        <Button
          variant="default"
          disabled={on === ''}
          onClick={() => {
            onPut({ on, name: name.trim(), kind, like });
            setOn('');
            setName('');
          }}
        >
          {t('calendars.days.put')}
        </Button>
      </Group>
    </div>
  );
}
