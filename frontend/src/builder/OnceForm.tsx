/** How often the rule may run for one record: every time, once, or once a day; and which day that is. */
import { Select } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useCalendars } from '../api/calendars';
import { setPolicy } from '../model/edit';
import { keptHours } from '../model/hours';
import { type JSONObject, textAt } from '../model/json';
import { ONCE, onceOf, startsForRecords, zoneOfDay } from '../model/once';
import type { Rule } from '../model/rule';
import { Labelled } from '../ui/Explain';
import { put, useBuilderStore } from './store';

const EVERY = 'every';

type Props = { readonly rule: Rule; readonly policy: JSONObject };

/** Where the start has no record it is there only to be taken back. */
export function OnceForm({ rule, policy }: Props) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const id = useId();
  const calendars = useCalendars();
  if (!startsForRecords(rule.trigger) && textAt(policy, 'once') === '') return null;
  const once = onceOf(policy);
  const help = {
    record: t('builder.policy.once.recordHelp'),
    day:
      calendars.data === undefined
        ? t('builder.policy.once.dayHelpAny')
        : t('builder.policy.once.dayHelp', { zone: zoneOfDay(keptHours(rule.head), calendars.data) }),
  };
  return (
    <div data-once>
      <Labelled word="once" htmlFor={id} label={t('builder.policy.once.question')} />
      <Select
        id={id}
        description={once === null ? undefined : help[once]}
        inputWrapperOrder={['input', 'description', 'error']}
        data={[EVERY, ...ONCE].map((word) => ({ value: word, label: t(`builder.policy.once.${word}`) }))}
        value={once ?? EVERY}
        allowDeselect={false}
        onChange={(word) =>
          put(
            store,
            setPolicy(
              rule,
              'once',
              ONCE.find((one) => one === word),
            ),
          )
        }
      />
    </div>
  );
}
