/** Telling an event: its type, with those that rules start with as suggestions, and the data that go along. */
import { Autocomplete, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useStartable } from '../api/rules';
import { textAt } from '../model/json';
import { JsonPairs } from './JsonPairs';
import { Place } from './Place';
import type { FieldsProps } from './TextField';

export function EmitForm({ fields, set }: FieldsProps) {
  const { t } = useTranslation();
  const startable = useStartable();
  const type = textAt(fields, 'type');
  const rules = startable.data ?? [];
  const types = [...new Set(rules.map((rule) => rule.event).filter((event) => event !== ''))].sort();
  const meant = type.trim();
  const listening = rules.filter((rule) => rule.on && meant !== '' && rule.event === meant);
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t('starting.emitHelp')}
      </Text>
      <Place at="fields/type">
        <Autocomplete
          label={t('builder.do.emit_event.type')}
          placeholder={t('starting.typePlaceholder')}
          data={types}
          value={type}
          maxLength={200}
          onChange={(typed) => set('type', typed, true)}
        />
        {meant !== '' && startable.data && (
          <Text size="xs" c="dimmed" mt={6} role="status">
            {listening.length === 0
              ? t('starting.nobody')
              : t('starting.listening', {
                  count: listening.length,
                  names: listening.map((rule) => rule.name).join(', '),
                })}
          </Text>
        )}
      </Place>
      <Place at="fields/data">
        <JsonPairs
          label={t('builder.do.emit_event.data')}
          add={t('starting.addValue')}
          value={fields['data']}
          onChange={(data, typing) => set('data', data, typing)}
        />
      </Place>
    </Stack>
  );
}
