/** A sample of what comes back: pasted once, it teaches which fields later steps can use. */
import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isList, isObject, type JSONValue } from '../model/json';
import { parseJson } from '../model/parseJson';
import { sampleFields, shortened } from '../model/samples';
import { Pill } from '../ui/Pill';

interface Props {
  readonly sample: JSONValue | undefined;
  readonly onChange: (sample: JSONValue | undefined) => void;
  /** What it is a sample of, where that is no answer. */
  readonly words?: {
    readonly title: string;
    readonly none: string;
    readonly hint: string;
    readonly paste: string;
  };
}

export function SampleAnswer({ sample, onChange, words }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const open = typed !== null;
  const read = parseJson(typed ?? '');
  const holds = read.kind === 'value' && (isObject(read.value) || isList(read.value));
  const fields = sample === undefined ? [] : sampleFields(sample);
  return (
    <Stack gap={8}>
      <Text size="sm" fw={600}>
        {words?.title ?? t('asking.sample')}
      </Text>
      {sample === undefined && !open && (
        <Text size="xs" c="dimmed">
          {words?.none ?? t('asking.noSample')}
        </Text>
      )}
      {fields.length > 0 && !open && (
        <div>
          <Text size="xs" c="dimmed" mb={6}>
            {t('asking.learnt', { count: fields.length })}
          </Text>
          <Group gap={6} component="ul" style={{ listStyle: 'none', padding: 0, margin: 0 }}>
            {fields.map(({ path, type }) => (
              <li key={path}>
                <Pill tone="still">{`${path} · ${t(`asking.type.${type}`)}`}</Pill>
              </li>
            ))}
          </Group>
        </div>
      )}
      {open ? (
        <>
          <Textarea
            autoFocus
            autosize
            minRows={5}
            maxRows={14}
            aria-label={words?.title ?? t('asking.sample')}
            description={words?.hint ?? t('asking.sampleHint')}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            value={typed}
            error={
              typed.trim() !== '' && read.kind === 'error'
                ? t('asking.sampleWrong', {
                    reason: t('asking.atPlace', { line: read.line, column: read.column }),
                  })
                : null
            }
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Group gap="xs">
            <Button
              size="compact-sm"
              disabled={!holds}
              onClick={() => {
                if (read.kind === 'value') onChange(shortened(read.value));
                setTyped(null);
              }}
            >
              {t('asking.use')}
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => setTyped(null)}>
              {t('ui.cancel')}
            </Button>
          </Group>
        </>
      ) : (
        <Group gap="xs">
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => setTyped(sample === undefined ? '' : JSON.stringify(sample, null, 2))}
          >
            {words?.paste ?? t('asking.paste')}
          </Button>
          {sample !== undefined && (
            <Button size="compact-sm" variant="subtle" onClick={() => onChange(undefined)}>
              {t('asking.forget')}
            </Button>
          )}
        </Group>
      )}
    </Stack>
  );
}
