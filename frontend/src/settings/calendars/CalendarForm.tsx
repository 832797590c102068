/** A calendar as a form: name, zone, week, days that are free or worked; what it comes to is told while one types. */
import { Button, Checkbox, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCalendarCheck, useSaveCalendar } from '../../api/calendars';
import type { CalendarInput } from '../../api/types';
import { problemText } from '../../i18n/problemText';
import { DialogActions } from '../../ui/DialogActions';
import { useProblemText } from '../../ui/States';
import { toastDone } from '../../ui/toast';
import { zones } from '../../ui/zones';
import { missingOf, putList } from './draft';
import type { FoundList } from './FillHolidays';
import { NotPut } from './NotPut';
import { Outcome } from './Outcome';
import { SpecialDays } from './SpecialDays';
import { WeekEditor } from './WeekEditor';

type Props = {
  readonly id: number | null;
  readonly etag: string;
  readonly before: CalendarInput;
  readonly onClose: () => void;
};

export function CalendarForm({ id, etag, before, onClose }: Props) {
  const { t } = useTranslation();
  const words = useProblemText();
  const save = useSaveCalendar();
  const [draft, setDraft] = useState(before);
  const [tried, setTried] = useState(false);
  const [list, setList] = useState<FoundList | null>(null);
  const [asking, setAsking] = useState(false);
  const [settled] = useDebouncedValue(draft, 300);
  const check = useCalendarCheck(settled);
  const problems = (check.data?.problems ?? []).filter((one) => tried || one.path !== '/name');
  const said = (path: string) => {
    const found = problems.find((one) => one.path === path && one.severity !== 'warning');
    return found ? problemText(found, t) : null;
  };
  const known = zones();
  const missing = list === null ? 0 : missingOf(draft, list);
  const see = useCallback((seen: FoundList | null) => {
    setList(seen);
    setAsking(false);
  }, []);
  const submit = (body: CalendarInput, asked: boolean) => {
    setTried(true);
    if (draft.name.trim() === '') return;
    if (missing > 0 && !asked) return setAsking(true);
    save.mutate(
      { id, etag, body },
      {
        onSuccess: ({ name }) => {
          toastDone(t('calendars.saved', { name }));
          onClose();
        },
      },
    );
  };
  return (
    <form
      noValidate
      // A day that is looked for or added is no reason to save and close.
      onKeyDown={(event) => {
        const { key, target } = event;
        if (key === 'Enter' && target instanceof HTMLInputElement && target.closest('[data-special-days]'))
          event.preventDefault();
      }}
      onSubmit={(event) => {
        event.preventDefault();
        submit(draft, false);
      }}
    >
      <Stack gap="lg">
        <TextInput
          label={t('calendars.form.name')}
          data-autofocus
          value={draft.name}
          error={said('/name') ?? (tried && draft.name.trim() === '' ? t('calendars.form.noName') : null)}
          onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
        />
        <Select
          label={t('calendars.form.zone')}
          searchable
          limit={60}
          data={known.includes(draft.zone) ? known : [draft.zone, ...known]}
          value={draft.zone}
          error={said('/zone')}
          onChange={(zone) => zone !== null && setDraft({ ...draft, zone })}
        />
        <WeekEditor draft={draft} problems={problems} onChange={setDraft} />
        <SpecialDays draft={draft} problems={problems} onChange={setDraft} onList={see} />
        <Checkbox
          label={t('calendars.form.default')}
          description={t('calendars.form.defaultHelp')}
          checked={draft.default}
          onChange={(event) => setDraft({ ...draft, default: event.currentTarget.checked })}
        />
        <Outcome preview={check.data} zone={settled.zone} />
        {save.error !== null && (
          <Text size="sm" role="alert" style={{ color: 'var(--ry-bad)' }}>
            {words(save.error)}
          </Text>
        )}
        {asking && list !== null && missing > 0 && (
          <NotPut
            count={missing}
            busy={save.isPending}
            onPut={() => submit(putList(draft, list), true)}
            onLeave={() => submit(draft, true)}
          />
        )}
        <DialogActions onCancel={onClose}>
          <Button type="submit" loading={save.isPending}>
            {t('calendars.form.save')}
          </Button>
        </DialogActions>
      </Stack>
    </form>
  );
}
