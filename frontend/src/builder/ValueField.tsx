/** One value of an action: a literal of the column's type, a field of the record, or text with fields. */
import { Button, Group, Select, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ColumnFacts } from '../canvas/words';
import { isObject, type JSONValue } from '../model/json';
import { fromTemplate, toTemplate } from '../model/template';
import { pathOf, todayOf, todayPath, variable } from '../model/today';
import { FieldSelect } from './FieldSelect';
import { PillText } from './PillText';
import { useBuilderStore } from './store';
import { ValueEditor } from './ValueEditor';
import { useZone, ZoneChoice } from './ZoneChoice';

type Props = {
  readonly facts: ColumnFacts | undefined;
  readonly value: JSONValue | undefined;
  readonly onChange: (value: JSONValue) => void;
  readonly label: string;
};

/** An expression that the form has no field for: kept, and edited as it is written. */
export function AdvancedValue({ value }: { value: JSONValue | undefined }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  return (
    <Group gap="xs" wrap="nowrap" align="center">
      <Text size="xs" ff="monospace" flex={1} style={{ overflowWrap: 'anywhere' }}>
        {JSON.stringify(value)}
      </Text>
      <Button size="compact-sm" variant="default" onClick={() => store.setState({ tab: 'json' })}>
        {t('builder.form.editJson')}
      </Button>
    </Group>
  );
}

export function ValueField({ facts, value, onChange, label }: Props) {
  const { t } = useTranslation();
  const zone = useZone();
  const template = toTemplate(value);
  const plainText =
    facts === undefined || (facts.type === 'text' && facts.choices.length === 0) || facts.type === 'other';
  if (plainText) {
    if (template === null && typeof value !== 'number' && typeof value !== 'boolean')
      return <AdvancedValue value={value} />;
    return (
      <PillText
        hideLabel
        label={label}
        value={template ?? String(value)}
        onChange={(text) => onChange(fromTemplate(text))}
      />
    );
  }
  const plain = isObject(value) && Object.keys(value).length === 1 ? value['var'] : undefined;
  const path = typeof plain === 'string' ? plain : pathOf(value);
  if (isObject(value) && path === null) return <AdvancedValue value={value} />;
  const today = todayOf(path ?? '');
  const putToday = (of: string): void => onChange(variable(todayPath({ part: 'date', zone: of })));
  return (
    <Group gap={6} wrap="nowrap">
      <Select
        aria-label={t('builder.form.compareWith')}
        w={112}
        flex="none"
        data={['value', 'field', ...(facts.type === 'date' || today ? ['today'] : [])].map((one) => ({
          value: one,
          label: t(`builder.term.${one}`),
        }))}
        value={today ? 'today' : path === null ? 'value' : 'field'}
        onChange={(kind) =>
          kind === 'today' ? putToday(zone) : onChange(kind === 'field' ? { var: 'after.' } : null)
        }
      />
      <div style={{ flex: 1, minWidth: 0 }}>
        {today ? (
          <ZoneChoice zone={today.zone} onChange={putToday} />
        ) : path !== null ? (
          <FieldSelect
            value={path === 'after.' ? null : path}
            label={label}
            onChange={(chosen) => onChange({ var: chosen })}
          />
        ) : (
          <ValueEditor
            facts={facts}
            label={label}
            value={value}
            onChange={(next) => onChange(next ?? null)}
          />
        )}
      </div>
    </Group>
  );
}
