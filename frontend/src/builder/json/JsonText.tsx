/** JSON to edit, with Apply; what is wrong is said with its line. What was typed and not applied is there again later. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { JSONValue } from '../../model/json';
import { parseJson } from '../../model/parseJson';
import { LoadingRows } from '../../ui/States';
import { useBuilderStore } from '../store';
import { useFaults, type Whole } from './faults';

const JsonEditor = lazy(() => import('./JsonEditor'));

type Props = {
  readonly value: JSONValue;
  readonly label: string;
  readonly readOnly: boolean;
  readonly rows?: number;
  readonly whole: Whole;
  /** Takes the value, or says why not. */
  readonly onApply: (value: JSONValue) => string | null;
};

export function JsonText({ value, label, readOnly, rows = 18, whole, onApply }: Props) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const written = JSON.stringify(value, null, 2);
  const kept = store.getState().written;
  const [text, setText] = useState(
    !readOnly && kept?.path === whole.path && kept.over === written ? kept.text : written,
  );
  const [error, setError] = useState<string | null>(null);
  const [asked, setAsked] = useState<string | null>(null);
  const faults = useFaults(text, written, asked, whole);
  const last = useRef(written);
  const keep = (next: string): void => {
    setText(next);
    store.setState({ written: next === written ? null : { path: whole.path, over: written, text: next } });
  };
  useEffect(() => {
    if (last.current === written) return;
    last.current = written;
    setText(written);
    setError(null);
    setAsked(null);
  }, [written]);
  const applyText = (): void => {
    if (readOnly || text === written) return;
    const read = parseJson(text);
    if (read.kind === 'error') setAsked(text);
    else {
      const refused = onApply(read.value);
      setError(refused);
      if (refused === null) store.setState({ written: null });
    }
  };
  return (
    <Stack gap="sm">
      <Suspense fallback={<LoadingRows rows={3} />}>
        <JsonEditor
          text={text}
          label={label}
          readOnly={readOnly}
          rows={rows}
          faults={faults}
          asked={asked === text}
          onText={keep}
          onApply={applyText}
        />
      </Suspense>
      {error !== null && (
        <Text size="sm" role="alert" style={{ color: 'var(--ry-bad)' }}>
          {error}
        </Text>
      )}
      {!readOnly && (
        <Group gap="xs">
          <Button size="sm" disabled={text === written} onClick={applyText}>
            {t('builder.json.apply')}
          </Button>
          <Button size="sm" variant="default" disabled={text === written} onClick={() => keep(written)}>
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
