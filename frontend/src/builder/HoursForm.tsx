/** When the rule may run: at any time, in the hours of a calendar, or in its own; and what becomes of the rest. */
import { Anchor, Group, Select, Stack, Switch, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCalendars } from '../api/calendars';
import { setPolicy } from '../model/edit';
import { type Hours, hoursValue, type Kept, keptHours, OUTSIDE, WORKDAYS } from '../model/hours';
import type { Rule } from '../model/rule';
import { ClockInput } from '../ui/ClockInput';
import { zoneHere, zones } from '../ui/zones';
import { DayChips } from './DayChips';
import { HoursNow } from './HoursNow';
import { put, useBuilderStore } from './store';

const CALENDAR = 'calendar:';
type Own = Extract<Hours, { kind: 'own' }>;

export default function HoursForm({ rule }: { rule: Rule }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const calendars = useCalendars();
  const kept = keptHours(rule.head);
  const set = (next: Kept, key?: string) => put(store, setPolicy(rule, 'hours', hoursValue(next)), key);
  const names = calendars.data?.map((one) => one.name) ?? [];
  const gone = kept.kind === 'calendar' && calendars.data !== undefined && !names.includes(kept.calendar);
  const outside = kept.kind === 'any' ? 'wait' : kept.outside;
  const choose = (value: string | null) => {
    if (value === 'any') set({ kind: 'any' });
    else if (value === 'own')
      set({ kind: 'own', zone: zoneHere(), days: WORKDAYS, between: ['09:00', '18:00'], outside });
    else if (value !== null) set({ kind: 'calendar', calendar: value.slice(CALENDAR.length), outside });
  };
  const listed =
    kept.kind === 'calendar' && !names.includes(kept.calendar) ? [...names, kept.calendar] : names;
  return (
    <Stack gap="sm" data-hours>
      <Select
        label={t('hours.question')}
        data={[
          { value: 'any', label: t('hours.any') },
          ...listed.map((name) => ({
            value: `${CALENDAR}${name}`,
            label:
              gone && kept.calendar === name ? t('hours.gone', { name }) : t('hours.ofCalendar', { name }),
          })),
          { value: 'own', label: t('hours.own') },
        ]}
        value={kept.kind === 'calendar' ? `${CALENDAR}${kept.calendar}` : kept.kind}
        onChange={choose}
      />
      {kept.kind === 'own' && <OwnHours hours={kept} onChange={set} />}
      {kept.kind !== 'any' && (
        <>
          <Select
            label={t('hours.outside.question')}
            description={t(`hours.outsideHelp.${kept.outside}`)}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            data={OUTSIDE.map((one) => ({ value: one, label: t(`hours.outside.${one}`) }))}
            value={kept.outside}
            onChange={(word) => set({ ...kept, outside: OUTSIDE.find((one) => one === word) ?? 'wait' })}
          />
          <HoursNow hours={hoursValue(kept)} />
        </>
      )}
      <Text size="sm" c="dimmed">
        {calendars.data?.length === 0 && `${t('hours.none')} `}
        <Anchor
          size="sm"
          underline="always"
          renderRoot={(props) => <Link to="/settings" search={{ tab: 'calendars' }} {...props} />}
        >
          {t('hours.manage')}
        </Anchor>
      </Text>
    </Stack>
  );
}

function OwnHours({ hours, onChange }: { hours: Own; onChange: (hours: Own, key?: string) => void }) {
  const { t } = useTranslation();
  const { between } = hours;
  const known = zones();
  return (
    <>
      <DayChips
        label={t('hours.days')}
        schedule={{ days: [...hours.days] }}
        onChange={(days) => days.length > 0 && onChange({ ...hours, days })}
      />
      <Switch
        label={t('hours.within')}
        checked={between !== null}
        onChange={(event) =>
          onChange({ ...hours, between: event.currentTarget.checked ? ['09:00', '18:00'] : null })
        }
      />
      {between !== null && (
        <Group gap="sm" grow>
          <ClockInput
            label={t('hours.from')}
            value={between[0]}
            onChange={(clock) => onChange({ ...hours, between: [clock, between[1]] }, 'hours.from')}
          />
          <ClockInput
            label={t('hours.to')}
            // The end of the day is its last midnight.
            value={between[1] === '24:00' ? '00:00' : between[1]}
            onChange={(clock) => {
              const to = clock === '00:00' ? '24:00' : clock;
              onChange({ ...hours, between: [between[0], to] }, 'hours.to');
            }}
          />
        </Group>
      )}
      <Select
        label={t('hours.zone')}
        searchable
        limit={60}
        data={known.includes(hours.zone) ? known : [hours.zone, ...known]}
        value={hours.zone}
        onChange={(zone) => zone !== null && onChange({ ...hours, zone })}
      />
    </>
  );
}
