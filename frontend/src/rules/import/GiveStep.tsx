/** The first step: paste, choose a file or give an address. What cannot be a rule is said with its place. */
import { Button, FileButton, Group, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { IconFile } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../../api/client';
import { type Source, useLookAtSource } from '../../api/importing';
import { useProblemText } from '../../ui/States';
import { Fault, type Wrong } from './Fault';
import { offsetOf } from './lines';

const LARGEST_BYTES = 1_000_000;

interface Props {
  text: string;
  file: File | null;
  onText: (text: string) => void;
  /** It can be imported, at least in part: the text, as the server has read it. */
  onLooked: (text: string) => void;
}

export function GiveStep({ text, file, onText, onLooked }: Props) {
  const { t } = useTranslation();
  const inWords = useProblemText();
  const look = useLookAtSource();
  const [from, setFrom] = useState<Source['kind']>('text');
  const [url, setUrl] = useState('');
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);

  const say = (words: string): void => setWrong({ words, place: null });
  const refused = (error: unknown): void => {
    const problem = isProblem(error) ? error.problems[0] : undefined;
    const code = problem?.code ?? (isProblem(error) ? error.code : '');
    const args = problem?.args ?? {};
    const { line, column } = args;
    const place = typeof line === 'number' && typeof column === 'number' ? { line, column } : null;
    setWrong({ words: t(`importing.fault.${code}`, { ...args, defaultValue: inWords(error) }), place });
  };
  const check = (source: Source): void => {
    setWrong(null);
    look.mutate(source, {
      onSuccess: (found) => onLooked(found.text ?? (source.kind === 'text' ? source.text : '')),
      onError: refused,
    });
  };
  const read = async (chosen: File | null): Promise<void> => {
    if (chosen === null) return;
    setFrom('text');
    setWrong(null);
    if (chosen.size > LARGEST_BYTES) return say(t('importing.big'));
    try {
      const found = new TextDecoder('utf-8', { fatal: true }).decode(await chosen.arrayBuffer());
      onText(found);
      check({ kind: 'text', text: found });
    } catch {
      say(t('importing.unreadable'));
    }
  };
  // A dropped file is read as if it had been chosen here.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each file
  useEffect(() => {
    void read(file);
  }, [file]);

  const showPlace = (place: { line: number; column: number }): void => {
    const at = offsetOf(text, place);
    area.current?.focus();
    area.current?.setSelectionRange(at, at + 1);
  };

  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t('importing.hint')}
      </Text>
      <SegmentedControl
        aria-label={t('importing.from.label')}
        value={from}
        onChange={(value) => {
          setFrom(value === 'url' ? 'url' : 'text');
          setWrong(null);
        }}
        data={[
          { value: 'text', label: t('importing.from.text') },
          { value: 'url', label: t('importing.from.url') },
        ]}
      />
      {from === 'text' ? (
        <Textarea
          ref={area}
          label={t('importing.paste')}
          description={t('importing.dropHint')}
          value={text}
          onChange={(event) => {
            onText(event.currentTarget.value);
            setWrong(null);
          }}
          rows={12}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
          data-autofocus
        />
      ) : (
        <TextInput
          label={t('importing.url')}
          description={t('importing.urlHint')}
          placeholder="https://"
          type="url"
          value={url}
          onChange={(event) => {
            setUrl(event.currentTarget.value);
            setWrong(null);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && url.trim() !== '') check({ kind: 'url', url: url.trim() });
          }}
          data-autofocus
        />
      )}
      {wrong !== null && <Fault wrong={wrong} text={from === 'text' ? text : null} onShow={showPlace} />}
      <Group justify="space-between" gap="sm">
        <FileButton accept="application/json,.json,.txt" onChange={(chosen) => void read(chosen)}>
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconFile size={16} />}>
              {t('importing.file')}
            </Button>
          )}
        </FileButton>
        <Button
          disabled={(from === 'text' ? text : url).trim() === ''}
          loading={look.isPending}
          onClick={() => check(from === 'text' ? { kind: 'text', text } : { kind: 'url', url: url.trim() })}
        >
          {t('importing.check')}
        </Button>
      </Group>
    </Stack>
  );
}
