/** All steps that can be added, by what they are for; drag one onto a +, or click it. */
import { ScrollArea, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { StepIcon } from '../canvas/face';
import drawer from './addDrawer.module.css';
import { useRoom } from './context';
import { GROUPS, iconNode, KINDS, type StepKind } from './kinds';
import classes from './palette.module.css';
import { hasEditableSteps, useBuilder } from './store';
import tones from './tone.module.css';

/** The kinds whose name holds the text, then those whose description or short name in documents (`http`, `sms`) does. */
export function useFoundKinds(search: string): readonly StepKind[] {
  const { t } = useTranslation();
  const wanted = search.trim().toLocaleLowerCase();
  const holds = (kind: StepKind, text: 'name' | 'about') =>
    t(`builder.kind.${kind.key}.${text}`).toLocaleLowerCase().includes(wanted);
  const named = KINDS.filter((kind) => holds(kind, 'name'));
  const others = KINDS.filter((kind) => holds(kind, 'about') || kind.key.split('_').includes(wanted));
  return [...named, ...others.filter((kind) => !named.includes(kind))];
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
