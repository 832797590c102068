/** The other side of a comparison: a value, another field, or a moment counted from now. */
import { Group, NumberInput, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ColumnFacts } from '../canvas/words';
import { NO_FIELD, type Term, type Unit } from '../model/condition';
import { todayOf, todayPath } from '../model/today';
import classes from './condition.module.css';
import { FieldSelect } from './FieldSelect';
import type { SuggestionGroup } from './useSuggestions';
import { ValueEditor } from './ValueEditor';
import { useZone, ZoneChoice } from './ZoneChoice';

const UNITS: readonly Unit[] = ['minutes', 'hours', 'days', 'weeks', 'months'];
const KINDS = ['value', 'field', 'today', 'moment'] as const;

type Props = {
  readonly facts: ColumnFacts | undefined;
  readonly term: Term | undefined;
  readonly onChange: (term: Term | undefined) => void;
  readonly label: string;
  readonly many: boolean;
  readonly suggestions?: readonly SuggestionGroup[];
};

function Moment({
  term,
  onChange,
}: {
  term: Extract<Term, { kind: 'moment' }>;
  onChange: (term: Term) => void;
}) {
  const { t } = useTranslation();
  const ago = term.amount <= 0;
  return (
    <Group gap={6} wrap="nowrap">
      <NumberInput
        aria-label={t('builder.form.howMany')}
        value={Math.abs(term.amount)}
        min={0}
        hideControls
        w={64}
        flex="none"
        onChange={(typed) => onChange({ ...term, amount: (ago ? -1 : 1) * Math.abs(Number(typed) || 0) })}
      />
      <Select
        aria-label={t('builder.form.unit')}
        data={UNITS.map((unit) => ({
          value: unit,
          label: t(`builder.unit.${unit}`, { count: Math.abs(term.amount) }),
        }))}
        value={term.unit}
        onChange={(chosen) => {
          const unit = UNITS.find((one) => one === chosen);
          if (unit) onChange({ ...term, unit });
        }}
      />
      <Select
        aria-label={t('builder.form.direction')}
        data={[
          { value: 'ago', label: t('builder.form.ago') },
          { value: 'ahead', label: t('builder.form.ahead') },
        ]}
        value={ago ? 'ago' : 'ahead'}
        onChange={(way) =>
          onChange({ ...term, amount: (way === 'ago' ? -1 : 1) * Math.abs(term.amount || 1) })
        }
      />
    </Group>
  );
}

export function TermEditor({ facts, term, onChange, label, many, suggestions }: Props) {
  const { t } = useTranslation();
  const zone = useZone();
  const today = term?.kind === 'field' ? todayOf(term.path) : null;
  const kind = today ? 'today' : (term?.kind ?? 'value');
  const timely = facts?.type === 'date' || facts?.type === 'timestamp';
  const numeric = facts?.type === 'integer' || facts?.type === 'number';
  // Choices and text are nearly always compared with a value: the switch shows where a field makes sense.
  const clock = todayOf(facts?.name ?? '')?.part === 'time' && kind === 'value';
  const offers =
    !many && !clock && (timely || numeric || kind !== 'value' || (facts?.choices.length ?? 0) === 0);
  const switchTo = (chosen: string | null): void => {
    if (chosen === 'today') onChange({ kind: 'field', path: todayPath({ part: 'date', zone }) });
    else if (chosen === 'field') onChange({ kind: 'field', path: NO_FIELD });
    else if (chosen === 'moment') onChange({ kind: 'moment', amount: -1, unit: 'days' });
    else onChange(undefined);
  };
  return (
    <div className={classes.rowValue} data-moment={term?.kind === 'moment' || undefined}>
      {offers && (
        <Select
          aria-label={t('builder.form.compareWith')}
          className={classes.compare}
          data={KINDS.filter(
            (one) => (one !== 'moment' || timely) && (one !== 'today' || facts?.type === 'date' || today),
          ).map((one) => ({
            value: one,
            label: t(`builder.term.${one}`),
          }))}
          value={kind}
          onChange={switchTo}
        />
      )}
      <div className={classes.grow} data-side="value">
        {today ? (
          <ZoneChoice
            zone={today.zone}
            onChange={(chosen) =>
              onChange({ kind: 'field', path: todayPath({ part: today.part, zone: chosen }) })
            }
          />
        ) : term?.kind === 'field' ? (
          <FieldSelect
            value={term.path === NO_FIELD ? null : term.path}
            label={t('builder.form.otherField')}
            onChange={(path) => onChange({ kind: 'field', path })}
          />
        ) : term?.kind === 'moment' ? (
          <Moment term={term} onChange={onChange} />
        ) : (
          <ValueEditor
            facts={facts}
            value={term?.kind === 'value' ? term.value : undefined}
            many={many}
            label={label}
            {...(suggestions ? { suggestions } : {})}
            onChange={(value) => onChange(value === undefined ? undefined : { kind: 'value', value })}
          />
        )}
      </div>
    </div>
  );
}
