/** On top of every step's form: that it is switched off, with the way back; and its note. */
import { Button, Group, Text, Textarea } from '@mantine/core';
import { IconNote, IconPower } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RuleNode } from '../model/rule';
import { isOff, LONGEST_NOTE, noteOf, withNote } from '../model/switched';
import { useRoom } from './context';
import { Place } from './Place';
import classes from './steps.module.css';
import { changeNode, endTyping, useBuilder, useBuilderStore } from './store';

export function OffNote({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
  const { commands } = useRoom();
  const editing = useBuilder((state) => state.editing);
  if (!isOff(node)) return null;
  return (
    <Group className={classes.off ?? ''} gap="sm" wrap="nowrap" data-off-note>
      <IconPower size={18} aria-hidden />
      <Text size="sm" flex={1}>
        {node.kind === 'choose'
          ? t('ways.off')
          : t(node.kind === 'condition' ? 'steps.panel.offIf' : 'steps.panel.off')}
      </Text>
      {editing && (
        <Button size="compact-sm" variant="default" onClick={() => commands.toggleOff(node.id)}>
          {t('steps.panel.on')}
        </Button>
      )}
    </Group>
  );
}

/** The note, or a small button that opens one. */
export function NoteField({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const note = noteOf(node);
  const editing = useBuilder((state) => state.editing);
  const asked = useBuilder((state) => state.focusAt?.step === node.id && state.focusAt.place === 'note');
  const [opened, setOpened] = useState(false);
  if (note === '' && !opened && !asked) {
    return editing ? (
      <Button
        size="compact-sm"
        variant="subtle"
        color="gray"
        c="var(--mantine-color-text)"
        ml={-8}
        mt="md"
        leftSection={<IconNote size={16} aria-hidden />}
        onClick={() => {
          setOpened(true);
          store.setState({ focusAt: { step: node.id, place: 'note', side: null } });
        }}
      >
        {t('steps.note.add')}
      </Button>
    ) : null;
  }
  return (
    <div className={classes.note}>
      <Place at="note">
        <Textarea
          label={t('steps.note.label')}
          description={t('steps.note.hint')}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={LONGEST_NOTE}
          value={note}
          onFocus={() => setOpened(true)}
          onBlur={() => {
            endTyping(store);
            setOpened(false);
          }}
          onChange={(event) => {
            const typed = event.currentTarget.value;
            changeNode(store, node.id, (old) => withNote(old, typed), `${node.id}.note`);
          }}
        />
      </Place>
    </div>
  );
}
