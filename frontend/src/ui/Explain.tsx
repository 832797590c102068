/** A small “?” beside a word: what it means, where it stands. By mouse, touch and keyboard; Escape closes it. */
import { ActionIcon, Anchor, Popover, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconHelp } from '@tabler/icons-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useAids } from './aids';
import type { Word } from './wordList';

export function Explain({ word }: { word: Word }) {
  const { t } = useTranslation();
  const { help } = useAids();
  const id = useId();
  const [opened, { toggle, close }] = useDisclosure(false);
  return (
    <Popover
      opened={opened}
      onChange={close}
      width={300}
      position="bottom"
      shadow="md"
      withArrow
      withinPortal
      trapFocus
      returnFocus
      closeOnEscape={false}
    >
      <Popover.Target>
        <ActionIcon
          size={24}
          radius="xl"
          aria-label={t('help.explain', { word: t(`help.word.${word}.name`) })}
          data-explain={word}
          onClick={toggle}
        >
          <IconHelp size={16} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown
        aria-labelledby={id}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          // It closes this alone, not the panel below it; so nobody else may close it first.
          event.stopPropagation();
          close();
        }}
      >
        <Text id={id} fw={600} size="sm" mb={4}>
          {t(`help.word.${word}.name`)}
        </Text>
        <Text size="sm" mb={8}>
          {t(`help.word.${word}.text`)}
        </Text>
        <Anchor
          component="button"
          type="button"
          size="sm"
          onClick={() => {
            close();
            help('words');
          }}
        >
          {t('help.all')}
        </Anchor>
      </Popover.Dropdown>
    </Popover>
  );
}

/** A label with its “?” at the end; the “?” is no part of the label, so that a press on it does not enter the field. */
export function Labelled({ word, label, htmlFor }: { word: Word; label: string; htmlFor: string }) {
  return (
    <span style={{ display: 'flex', alignItems: 'center', gap: 4 }}>
      <Text component="label" htmlFor={htmlFor} size="sm" fw={500}>
        {label}
      </Text>
      <Explain word={word} />
    </span>
  );
}
