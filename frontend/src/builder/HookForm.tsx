/** What came to the rule's address last, and the sample that teaches the fields. */
import { Alert, Button, Code, JsonInput, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHook } from '../api/hooks';
import { type JSONValue, textAt } from '../model/json';
import type { RuleNode } from '../model/rule';
import { shortened } from '../model/samples';
import { RelativeTime } from '../ui/RelativeTime';
import { Place } from './Place';
import { changeNode, useBuilder, useBuilderStore } from './store';

/** What the server told, as JSON. */
const asJson = (value: unknown): JSONValue => JSON.parse(JSON.stringify(value ?? null));

const inLines = (value: JSONValue | undefined): string =>
  value === undefined || value === null ? '' : JSON.stringify(value, null, 2);

function parsed(text: string): JSONValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function HookForm({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const hook = useHook(useBuilder((state) => state.ruleId));
  const [typed, setTyped] = useState(() => inLines(node['sample']));
  const learn = (sample: JSONValue): void => {
    const kept = shortened(sample);
    setTyped(inLines(kept));
    changeNode(store, node.id, (old) => ({ ...old, sample: kept }));
  };
  const last = hook.data?.last_at ? hook.data : null;
  return (
    <Stack gap="md">
      {last ? (
        <Alert color="gray" title={t('hook.last')} data-last-request>
          <Stack gap={8}>
            <Text size="sm">
              <RelativeTime at={last.last_at ?? ''} />
            </Text>
            <Code block mah={180}>
              {inLines(asJson(last.last))}
            </Code>
            <Button size="compact-sm" variant="default" onClick={() => learn(asJson(last.last))}>
              {t('hook.useLast')}
            </Button>
          </Stack>
        </Alert>
      ) : (
        <Text size="sm" c="dimmed">
          {t('hook.nothing')}
        </Text>
      )}
      <Place at="sample">
        <JsonInput
          label={t('hook.sample')}
          description={t('hook.sampleHelp')}
          autosize
          minRows={4}
          maxRows={16}
          value={typed}
          // Left behind, it shows the words of its own check in place of ours.
          validationError={t('hook.notJson')}
          error={typed !== '' && parsed(typed) === undefined ? t('hook.notJson') : null}
          onChange={(text) => {
            setTyped(text);
            const sample = parsed(text);
            if (text === '') changeNode(store, node.id, ({ sample: _, ...old }) => old, 'start.sample');
            if (sample !== undefined)
              changeNode(store, node.id, (old) => ({ ...old, sample }), 'start.sample');
          }}
        />
      </Place>
      <Place at="event">
        <TextInput
          label={t('hook.event')}
          description={t('hook.eventHelp')}
          value={textAt(node, 'event')}
          onChange={({ currentTarget: { value } }) =>
            changeNode(
              store,
              node.id,
              ({ event: _, ...old }) => (value === '' ? old : { ...old, event: value }),
              'start.event',
            )
          }
        />
      </Place>
    </Stack>
  );
}
