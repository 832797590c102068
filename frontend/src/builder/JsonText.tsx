/** JSON to edit, with Apply; an error says its line and column. */
import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { JSONValue } from '../model/json';
import { parseJson } from '../model/parseJson';
import classes from './panel.module.css';

type Props = {
  readonly value: JSONValue;
  readonly label: string;
  readonly readOnly: boolean;
  readonly rows?: number;
  /** Takes the value, or says why not. */
  readonly onApply: (value: JSONValue) => string | null;
};

export function JsonText({ value, label, readOnly, rows = 18, onApply }: Props) {
  const { t } = useTranslation();
  const written = JSON.stringify(value, null, 2);
  const [text, setText] = useState(written);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    setText(written);
    setError(null);
  }, [written]);
  const applyText = (): void => {
    const read = parseJson(text);
    if (read.kind === 'error') setError(t('builder.json.error', { line: read.line, column: read.column }));
    else setError(onApply(read.value));
  };
  return (
    <Stack gap="sm">
      <Textarea
        className={classes.code ?? ''}
        aria-label={label}
        value={text}
        readOnly={readOnly}
        autosize
        minRows={6}
        maxRows={rows}
        spellCheck={false}
        error={error}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {!readOnly && (
        <Group gap="xs">
          <Button size="sm" disabled={text === written} onClick={applyText}>
            {t('builder.json.apply')}
          </Button>
          <Button size="sm" variant="default" disabled={text === written} onClick={() => setText(written)}>
            {t('builder.json.reset')}
          </Button>
        </Group>
      )}
      {!readOnly && (
        <Text size="xs" c="dimmed">
          {t('builder.json.hint')}
        </Text>
      )}
    </Stack>
  );
}
