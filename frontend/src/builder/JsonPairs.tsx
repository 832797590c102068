/** Data of any shape, as rows of names and values; what is more than that is kept, and edited as JSON. */
import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { JSONObject, JSONValue } from '../model/json';
import { pairsOf, readAs } from '../model/pairs';
import { EXPRESSIONS } from './JsonBody';
import { PairRows } from './PairRows';
import { AdvancedValue } from './ValueField';

type Props = {
  readonly label: string;
  readonly add: string;
  readonly value: JSONValue | undefined;
  readonly onChange: (value: JSONObject | undefined, typing: boolean) => void;
};

export function JsonPairs({ label, add, value, onChange }: Props) {
  const { t } = useTranslation();
  /** Typed over this value, and not told: it would be read as an expression. */
  const [held, setHeld] = useState<{
    readonly over: JSONValue | undefined;
    readonly pairs: JSONObject;
  } | null>(null);
  const unsaid = held !== null && held.over === value ? held.pairs : null;
  const pairs = unsaid ?? pairsOf(value, EXPRESSIONS);
  if (pairs === null)
    return (
      <Stack gap={4}>
        <Text size="sm" fw={600}>
          {label}
        </Text>
        <AdvancedValue value={value} />
      </Stack>
    );
  const name = unsaid === null ? null : readAs(unsaid, EXPRESSIONS);
  const change = (next: JSONObject, typing: boolean): void => {
    const ambiguous = readAs(next, EXPRESSIONS) !== null;
    setHeld(ambiguous ? { over: value, pairs: next } : null);
    if (!ambiguous) onChange(Object.keys(next).length === 0 ? undefined : next, typing);
  };
  return (
    <div>
      <PairRows label={label} add={add} pairs={pairs} onChange={change} />
      {name !== null && (
        <Text size="xs" c="var(--mantine-color-error)" mt={4} role="status">
          {t('starting.operatorName', { name })}
        </Text>
      )}
    </div>
  );
}
