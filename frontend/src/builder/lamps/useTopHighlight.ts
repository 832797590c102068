/** The highlight of an open list whose first options may load late: at the top until the reader moves it. */
import type { ComboboxStore } from '@mantine/core';
import { type KeyboardEvent, useEffect, useRef } from 'react';

type Highlight = {
  /** The list opened. */
  readonly reset: () => void;
  /** For the search field of the list. */
  readonly onKeyDown: (event: KeyboardEvent) => void;
};

/** `above` differs whenever options came or went above others; null while the list is searched in. */
export function useTopHighlight(combobox: ComboboxStore, above: string | null): Highlight {
  const moved = useRef(false);
  const { dropdownOpened, selectFirstOption, updateSelectedOptionIndex } = combobox;
  useEffect(() => {
    if (!dropdownOpened || above === null) return;
    // Enter takes the option by its number, which what came above has changed.
    if (moved.current) updateSelectedOptionIndex();
    else selectFirstOption();
  }, [above, dropdownOpened, selectFirstOption, updateSelectedOptionIndex]);
  return {
    reset: () => {
      moved.current = false;
    },
    onKeyDown: (event) => {
      if (event.key.startsWith('Arrow')) moved.current = true;
    },
  };
}
