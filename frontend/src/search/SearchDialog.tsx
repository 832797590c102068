/** Global search (Ctrl+K): one field, everything below it by group; a combobox for keyboard and screen reader. */
import { Kbd, Loader, Modal, ScrollArea, Text, TextInput, VisuallyHidden } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../api/session';
import { useFocusBack } from '../ui/useFocusBack';
import { EntryIcon } from './EntryIcon';
import { type Entry, grouped, step } from './entries';
import { keepRecent, readRecent } from './recent';
import classes from './search.module.css';
import { useEntries } from './useEntries';

const QUIET_MS = 180;
const CAPS = { up: '↑', down: '↓', enter: 'Enter', escape: 'Esc' } as const;

export default function SearchDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  useFocusBack(opened);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      withCloseButton={false}
      aria-label={t('search.title')}
      size={640}
      padding={0}
      yOffset="10vh"
      // Gone at once: opened again right after, it begins empty.
      transitionProps={{ duration: 0 }}
    >
      <Search onClose={onClose} />
    </Modal>
  );
}

function Search({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const router = useRouter();
  const account = useSession().data?.account?.id ?? 0;
  const [recent] = useState(() => readRecent(account));
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), QUIET_MS);
  const [chosen, setChosen] = useState<string | null>(null);
  const [eager, setEager] = useState(false);
  const { entries, searching, silent } = useEntries(search, recent);
  const groups = grouped(entries);
  const row = groups.flatMap((one) => one.entries);
  const active = row.find((entry) => entry.id === chosen) ?? row[0];
  const place = active === undefined ? -1 : row.indexOf(active);
  const waiting = searching || typed.trim() !== search;
  const optionId = (at: number) => `${id}-${at}`;

  useEffect(() => {
    if (place >= 0) document.getElementById(`${id}-${place}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, place]);

  // Enter before the answers are there chooses what comes first, as soon as it is there.
  useEffect(() => {
    if (!eager || waiting) return;
    setEager(false);
    if (active) choose(active);
  });

  const choose = (entry: Entry) => {
    onClose();
    if (entry.place) {
      keepRecent(account, entry.place);
      router.history.push(entry.place.href);
    } else entry.perform?.();
  };
  const keys = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : null;
    if (by !== null) {
      event.preventDefault();
      setChosen(step(row, active?.id ?? null, by));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (waiting && chosen === null) setEager(true);
      else if (active) choose(active);
    }
  };
  let at = 0;
  return (
    <>
      <TextInput
        data-autofocus
        role="combobox"
        aria-expanded
        aria-autocomplete="list"
        aria-controls={`${id}-list`}
        aria-activedescendant={place < 0 ? undefined : optionId(place)}
        aria-label={t('search.field')}
        placeholder={t('search.field')}
        variant="unstyled"
        size="lg"
        className={classes.field}
        leftSection={<IconSearch size={20} aria-hidden />}
        rightSection={waiting && <Loader size={18} aria-hidden />}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setChosen(null);
          setEager(false);
        }}
        onKeyDown={keys}
      />
      <ScrollArea.Autosize
        mah="min(60vh, 520px)"
        type="auto"
        viewportProps={{ tabIndex: 0 }}
        styles={{ content: { minWidth: 0, width: '100%' } }}
      >
        <div role="listbox" id={`${id}-list`} aria-label={t('search.results')} className={classes.list}>
          {groups.map(({ group, entries: members }) => (
            // biome-ignore lint/a11y/useSemanticElements: a group of options of a listbox
            <div key={group} role="group" aria-labelledby={`${id}-${group}`}>
              <div id={`${id}-${group}`} role="presentation" className={classes.group}>
                {t(`search.group.${group}`)}
              </div>
              {members.map((entry) => {
                const here = at++;
                return (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the text field above has the keys
                  <div
                    key={entry.id}
                    id={optionId(here)}
                    role="option"
                    tabIndex={-1}
                    aria-selected={entry === active}
                    data-active={entry === active || undefined}
                    className={classes.entry}
                    onClick={() => choose(entry)}
                    onPointerMove={() => setChosen(entry.id)}
                  >
                    <EntryIcon name={entry.icon} />
                    <span className={classes.label} title={entry.label}>
                      {entry.label}
                    </span>
                    {entry.hint !== '' && <span className={classes.hint}>{entry.hint}</span>}
                  </div>
                );
              })}
            </div>
          ))}
        </div>
        {row.length === 0 && !waiting && (
          <Text size="sm" c="dimmed" p="lg" ta="center">
            {t('search.nothing', { search })}
          </Text>
        )}
        {silent.length > 0 && (
          <Text size="xs" c="dimmed" px="lg" pb="sm">
            {t('search.silent', { tables: silent.join(', ') })}
          </Text>
        )}
      </ScrollArea.Autosize>
      <VisuallyHidden role="status" aria-live="polite">
        {search !== '' && !waiting && t('search.count', { count: row.length })}
      </VisuallyHidden>
      <div className={classes.foot} aria-hidden="true">
        <span>
          <Kbd size="xs">{CAPS.up}</Kbd> <Kbd size="xs">{CAPS.down}</Kbd> {t('search.foot.choose')}
        </span>
        <span>
          <Kbd size="xs">{CAPS.enter}</Kbd> {t('search.foot.open')}
        </span>
        <span>
          <Kbd size="xs">{CAPS.escape}</Kbd> {t('search.foot.close')}
        </span>
      </div>
    </>
  );
}
