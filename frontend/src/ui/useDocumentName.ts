import { useEffect } from 'react';

/** Puts the page's name into the browser tab. */
export function useDocumentName(name: string): void {
  useEffect(() => {
    document.title = name === '' ? 'Ruleyard' : `${name} · Ruleyard`;
  }, [name]);
}
