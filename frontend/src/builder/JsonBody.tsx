/** The JSON that a request sends, typed with fields in it. What is no JSON yet is said, and what was sent before stays. */
import { Select, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OPERATORS } from '../logic/table';
import { type JSONValue, same } from '../model/json';
import { fromJsonTemplate, type ReadTemplate, toJsonTemplate } from '../model/jsonTemplate';
import { PillText } from './PillText';
import { AdvancedValue } from './ValueField';

/** The keys that make an object of one key an expression. */
export const EXPRESSIONS: ReadonlySet<string> = new Set([...OPERATORS.keys(), 'preserve']);

interface Props {
  readonly body: JSONValue | undefined;
  readonly onChange: (body: JSONValue | undefined, typing: boolean) => void;
}

export function JsonBody({ body, onChange }: Props) {
  const { t } = useTranslation();
  const label = t('builder.do.http_request.body');
  return (
    <Stack gap={6}>
      <Select
        label={label}
        data={['bodyNone', 'bodyJson'].map((one) => ({ value: one, label: t(`asking.${one}`) }))}
        value={body === undefined ? 'bodyNone' : 'bodyJson'}
        allowDeselect={false}
        onChange={(kind) => onChange(kind === 'bodyNone' ? undefined : {}, false)}
      />
      {body !== undefined && <Editor body={body} label={label} onChange={onChange} />}
    </Stack>
  );
}

function Editor({ body, label, onChange }: { body: JSONValue; label: string; onChange: Props['onChange'] }) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => toJsonTemplate(body, EXPRESSIONS));
  const told = useRef(body);
  useEffect(() => {
    // Undo, the JSON tab or another window changed it: not this field.
    if (!same(told.current, body)) setText(toJsonTemplate(body, EXPRESSIONS));
    told.current = body;
  }, [body]);
  if (text === null) return <AdvancedValue value={body} />;
  const read = fromJsonTemplate(text, EXPRESSIONS);
  const type = (typed: string): void => {
    setText(typed);
    const found = fromJsonTemplate(typed, EXPRESSIONS);
    if (found.kind !== 'value') return;
    told.current = found.value;
    onChange(found.value, true);
  };
  return (
    <div>
      <PillText
        hideLabel
        label={label}
        description={t('asking.bodyHint', { open: '{{' })}
        value={text}
        lines={5}
        error={read.kind === 'value' ? null : ' '}
        onChange={type}
      />
      {read.kind !== 'value' && <Fault read={read} />}
    </div>
  );
}

function Fault({ read }: { read: Exclude<ReadTemplate, { kind: 'value' }> }) {
  const { t } = useTranslation();
  const reason =
    read.kind === 'error'
      ? t('asking.atPlace', { line: read.line, column: read.column })
      : t('asking.operator', { name: read.name });
  return (
    <Text size="xs" c="var(--mantine-color-error)" mt={4} role="status">
      {t('asking.bodyWrong', { reason })} {t('asking.bodyKept')}
    </Text>
  );
}
