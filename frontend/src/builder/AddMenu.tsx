/** The searchable menu behind a +. */
import { ScrollArea, Text, TextInput } from '@mantine/core';
import { useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Slot } from '../model/rule';
import { useRoom } from './context';
import { KindText, useFoundKinds } from './Palette';
import classes from './palette.module.css';

export function AddMenu({ slot, close }: { slot: Slot; close: () => void }) {
  const { t } = useTranslation();
  const { commands } = useRoom();
  const [search, setSearch] = useState('');
  const [active, setActive] = useState(0);
  const found = useFoundKinds(search);
  const chosen = found[Math.min(active, found.length - 1)];
  const list = useRef<HTMLDivElement>(null);
  // The arrows walk past what is to be seen of the list.
  useLayoutEffect(() => {
    list.current?.children.item(active)?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const keys = (event: React.KeyboardEvent): void => {
    const move = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (move !== 0) {
      event.preventDefault();
      setActive((at) => Math.max(0, Math.min(found.length - 1, at + move)));
    } else if (event.key === 'Enter' && chosen) {
      event.preventDefault();
      commands.add(chosen, slot);
    } else if (event.key === 'Escape') {
      close();
    }
  };
  return (
    <div role="dialog" aria-label={t('builder.canvas.addHere')}>
      <TextInput
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls="add-menu"
        aria-activedescendant={chosen ? `add-${chosen.key}` : undefined}
        aria-label={t('builder.palette.search')}
        placeholder={t('builder.palette.search')}
        value={search}
        onChange={(event) => {
          setSearch(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={keys}
        mb={6}
      />
      <ScrollArea.Autosize mah={340}>
        <div role="listbox" id="add-menu" ref={list} aria-label={t('builder.palette.title')}>
          {found.map((kind) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the text field above has the keys
            <div
              key={kind.key}
              id={`add-${kind.key}`}
              role="option"
              aria-selected={kind === chosen}
              tabIndex={-1}
              className={classes.kind}
              data-active={kind === chosen || undefined}
              data-kind={kind.key}
              onClick={() => commands.add(kind, slot)}
              onPointerEnter={() => setActive(found.indexOf(kind))}
            >
              <KindText kind={kind} />
            </div>
          ))}
        </div>
      </ScrollArea.Autosize>
      {found.length === 0 && (
        <Text size="sm" c="dimmed" p="xs">
          {t('builder.palette.nothing', { search })}
        </Text>
      )}
    </div>
  );
}
