/** A text with fields of the record in it: `{{first_name}}` is put in from a menu or typed. */
import { Button, Group, Menu, Textarea } from '@mantine/core';
import { IconBraces } from '@tabler/icons-react';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useFactsByPlace } from '../api/builder';
import { useConnections } from '../api/connections';
import { pill } from '../model/template';
import type { Words } from '../model/wording';

interface Props {
  label: string;
  value: string;
  about: string | null;
  words: Words;
  error: string | null;
  onChange: (text: string) => void;
}

export function MessageField({ label, value, about, words, error, onChange }: Props) {
  const { t } = useTranslation();
  const input = useRef<HTMLTextAreaElement>(null);
  const connections = useConnections();
  const ids = useMemo(
    () => new Map((connections.data?.items ?? []).map((one) => [one.name, one.id])),
    [connections.data],
  );
  const columns = useFactsByPlace(about ?? '', ids)[about ?? '']?.columns ?? [];
  const insert = (column: string) => {
    const from = input.current?.selectionStart ?? value.length;
    const to = input.current?.selectionEnd ?? from;
    onChange(`${value.slice(0, from)}${pill(`after.${column}`)}${value.slice(to)}`);
    input.current?.focus();
  };
  return (
    <div>
      <Textarea
        ref={input}
        label={label}
        value={value}
        error={error}
        autosize
        minRows={2}
        maxRows={10}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {columns.length > 0 && (
        <Group gap="xs" mt={6}>
          <Menu position="bottom-start" withinPortal>
            <Menu.Target>
              <Button size="compact-sm" variant="default" leftSection={<IconBraces size={14} />}>
                {t('templates.insert')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown mah={280} style={{ overflow: 'auto' }}>
              {columns.map((column) => (
                <Menu.Item key={column.name} onClick={() => insert(column.name)}>
                  {words.field(`after.${column.name}`)}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        </Group>
      )}
    </div>
  );
}
