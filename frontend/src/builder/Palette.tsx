/** All steps that can be added, by what they are for; drag one onto a +, or click it. */
import { ScrollArea, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { StepIcon } from '../canvas/face';
import { fold, hasWords } from '../ui/fold';
import drawer from './addDrawer.module.css';
import { useRoom } from './context';
import { GROUPS, iconNode, KINDS, type StepKind } from './kinds';
import classes from './palette.module.css';
import { hasEditableSteps, useBuilder } from './store';
import tones from './tone.module.css';

/** The kinds whose name has the words; then by their short name in documents (`http`), by what else people say. */
export function useFoundKinds(search: string): readonly StepKind[] {
  const { t } = useTranslation();
  const wanted = search.trim();
  const says = (kind: StepKind, text: 'name' | 'about' | 'also') => t(`builder.kind.${kind.key}.${text}`);
  const ranks: readonly ((kind: StepKind) => boolean)[] = [
    (kind) => hasWords(says(kind, 'name'), wanted),
    (kind) => kind.key.split('_').includes(fold(wanted)),
    (kind) => hasWords(`${says(kind, 'name')} ${says(kind, 'about')} ${says(kind, 'also')}`, wanted),
  ];
  return [...new Set(ranks.flatMap((rank) => KINDS.filter(rank)))];
}

export function KindText({ kind }: { kind: StepKind }) {
  const { t } = useTranslation();
  return (
    <>
      <span className={`${tones.tone} ${classes.kindTile}`} data-tone={kind.tone}>
        <StepIcon node={iconNode(kind)} size={18} />
      </span>
      <span className={classes.kindText}>
        <span className={classes.kindName}>{t(`builder.kind.${kind.key}.name`)}</span>
        <span className={classes.kindAbout}>{t(`builder.kind.${kind.key}.about`)}</span>
      </span>
    </>
  );
}

type Props = {
  /** As wide as its drawer, kinds beside each other. */
  readonly inDrawer?: boolean;
  /** A step was added. */
  readonly onTaken?: () => void;
};

export function Palette({ inDrawer = false, onTaken }: Props) {
  const { t } = useTranslation();
  const { commands, carry } = useRoom();
  const [search, setSearch] = useState('');
  const editing = useBuilder((state) => state.editing && hasEditableSteps(state.history.present));
  const found = useFoundKinds(search);
  return (
    <aside
      className={`${classes.palette} ${inDrawer ? drawer.palette : ''}`}
      aria-label={t('builder.palette.title')}
    >
      <TextInput
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        placeholder={t('builder.palette.search')}
        aria-label={t('builder.palette.search')}
        leftSection={<IconSearch size={16} aria-hidden />}
        m="sm"
        mb={4}
      />
      <ScrollArea flex={1} type="auto" scrollbarSize={8}>
        {GROUPS.map((group) => {
          const kinds = found.filter((kind) => kind.group === group);
          if (kinds.length === 0) return null;
          return (
            <section
              key={group}
              className={classes.kindGroup}
              aria-label={t(`builder.palette.group.${group}`)}
            >
              <h2 className={classes.kindHeading}>{t(`builder.palette.group.${group}`)}</h2>
              {kinds.map((kind) => (
                <button
                  type="button"
                  key={kind.key}
                  className={classes.kind}
                  data-kind={kind.key}
                  disabled={!editing}
                  onClick={() => {
                    commands.addAfterSelection(kind);
                    onTaken?.();
                  }}
                  onPointerDown={(event) =>
                    carry(event, {
                      label: t(`builder.kind.${kind.key}.name`),
                      carried: null,
                      drop: (slot) => {
                        commands.add(kind, slot);
                        onTaken?.();
                      },
                    })
                  }
                >
                  <KindText kind={kind} />
                </button>
              ))}
            </section>
          );
        })}
        {found.length === 0 && (
          <Text size="sm" c="dimmed" p="md">
            {t('builder.palette.nothing', { search })}
          </Text>
        )}
      </ScrollArea>
      <Text size="xs" c="dimmed" className={classes.paletteHint}>
        {t('builder.palette.hint')}
      </Text>
    </aside>
  );
}
