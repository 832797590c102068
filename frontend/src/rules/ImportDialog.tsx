import { Button, FileButton, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { IconFile } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useImport } from '../api/rules';
import type { ImportItem } from '../api/types';
import { useProblemText } from '../ui/States';
import { toastDone } from '../ui/toast';
import { ImportPreview } from './ImportPreview';
import { LARGEST_BYTES, readDocument } from './readDocument';

interface Checked {
  body: Record<string, unknown>;
  items: ImportItem[];
}

interface Props {
  opened: boolean;
  onClose: () => void;
}

/** Paste or file → check without changing anything → what was understood → import. */
export function ImportDialog({ opened, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="lg"
      title={t('rules.import.title')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <ImportSteps onClose={onClose} />
    </Modal>
  );
}

function ImportSteps({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const words = useProblemText();
  const send = useImport();
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const [checked, setChecked] = useState<Checked | null>(null);

  const change = (value: string) => {
    setText(value);
    setFault(null);
  };
  const choose = async (file: File | null) => {
    if (file === null) return;
    if (file.size > LARGEST_BYTES) {
      setFault(t('rules.import.big'));
      return;
    }
    try {
      change(await file.text());
    } catch {
      setFault(t('rules.import.unreadable'));
    }
  };
  const check = () => {
    const reading = readDocument(text);
    switch (reading.kind) {
      case 'document':
        send.mutate(
          { body: reading.value, dryRun: true },
          {
            onSuccess: ({ items }) => setChecked({ body: reading.value, items }),
            onError: (error) => setFault(words(error)),
          },
        );
        return;
      case 'not-object':
        setFault(t('rules.import.notObject'));
        return;
      case 'not-json':
        setFault(t('rules.import.notJson', reading));
        return;
    }
  };
  const confirm = ({ body }: Checked) =>
    send.mutate(
      { body, dryRun: false },
      {
        onSuccess: ({ items }) => {
          const count = items.filter((item) => item.action !== 'same').length;
          toastDone(t('rules.import.done', { count }));
          onClose();
        },
        onError: (error) => setFault(words(error)),
      },
    );

  if (checked !== null) {
    const count = checked.items.filter((item) => item.action !== 'same').length;
    return (
      <Stack gap="md">
        <ImportPreview items={checked.items} />
        {fault !== null && <Fault>{fault}</Fault>}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={() => setChecked(null)}>
            {t('rules.import.again')}
          </Button>
          <Button disabled={count === 0} loading={send.isPending} onClick={() => confirm(checked)}>
            {count === 0 ? t('rules.import.nothing') : t('rules.import.confirm', { count })}
          </Button>
        </Group>
      </Stack>
    );
  }

  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t('rules.import.hint')}
      </Text>
      <Textarea
        label={t('rules.import.paste')}
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
        rows={12}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
        data-autofocus
      />
      {fault !== null && <Fault>{fault}</Fault>}
      <Group justify="space-between" gap="sm">
        <FileButton accept="application/json,.json" onChange={(file) => void choose(file)}>
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconFile size={16} />}>
              {t('rules.import.file')}
            </Button>
          )}
        </FileButton>
        <Button disabled={text.trim() === ''} loading={send.isPending} onClick={check}>
          {t('rules.import.check')}
        </Button>
      </Group>
    </Stack>
  );
}

function Fault({ children }: { children: string }) {
  return (
    <Text size="sm" role="alert" style={{ color: 'var(--ry-bad)' }}>
      {children}
    </Text>
  );
}
