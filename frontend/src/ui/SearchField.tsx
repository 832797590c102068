/** A text field that narrows a list by what the address holds: it asks once the typing pauses, and loses no letter. */
import { TextInput, type TextInputProps } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';

const QUIET_MS = 200;

interface Props extends Pick<TextInputProps, 'w' | 'className' | 'placeholder' | 'leftSection'> {
  label: string;
  /** What the list is narrowed by now, e.g. from the address. */
  value: string | undefined;
  /** Called with the words, without the spaces around them; empty when there is nothing to look for. */
  onFind: (words: string) => void;
}

export function SearchField({ label, value = '', onFind, ...looks }: Props) {
  const [typed, setTyped] = useState(value);
  // What the list is narrowed by and, after it, what was asked for since and has not come back yet.
  const asked = useRef([value]);
  const find = useDebouncedCallback((words: string) => {
    asked.current.push(words);
    onFind(words);
  }, QUIET_MS);
  useEffect(() => {
    const at = asked.current.lastIndexOf(value);
    asked.current = at < 0 ? [value] : asked.current.slice(at);
    // One's own words that come back change nothing, more may have been typed; another's do, a "Clear" perhaps.
    if (at >= 0) return;
    find.cancel();
    setTyped(value);
  }, [value, find]);

  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} aria-hidden />}
      {...looks}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        find(event.currentTarget.value.trim());
      }}
    />
  );
}
