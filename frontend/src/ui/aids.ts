/** What every screen can call for, wherever it stands: the search, the help sheet, the first-rule tour. */
import { createContext, useContext } from 'react';

export type HelpPart = 'keys' | 'words';

export interface Aids {
  search: () => void;
  help: (part?: HelpPart) => void;
  /** Begins the tour anew; null where there is no demo to show it on. */
  tour: (() => void) | null;
}

const NONE: Aids = { search: () => {}, help: () => {}, tour: null };
const AidsContext = createContext<Aids>(NONE);

export const AidsProvider = AidsContext.Provider;

export function useAids(): Aids {
  return useContext(AidsContext);
}
