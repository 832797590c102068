/**
 * Where copied steps lie: the system's clipboard where the browser permits it, and always this browser's own storage,
 * which other tabs read, too. Knows nothing of what the text means.
 */

const KEPT = 'ruleyard.clipboard';

type Kept = { readonly text: string; readonly reached: boolean };

/** `reached`: the system's clipboard has it, too, so that what it holds later is newer. */
export function keep(text: string, reached: boolean): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify({ text, reached }));
  } catch {
    // Private windows may refuse storage: then the system's clipboard is all there is.
  }
}

function kept(): Kept | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEPT) ?? 'null');
    if (typeof value !== 'object' || value === null || !('text' in value) || !('reached' in value))
      return null;
    return typeof value.text === 'string' ? { text: value.text, reached: value.reached === true } : null;
  } catch {
    return null;
  }
}

/** For a menu: no event of the browser's carries the text. */
export async function copyText(text: string): Promise<void> {
  keep(text, false);
  try {
    await navigator.clipboard.writeText(text);
    keep(text, true);
  } catch {
    // Not permitted, or not a secure address: what is kept here is enough for this browser.
  }
}

/** What is to be pasted, given what the system's clipboard holds (null: nobody may look). */
export function pasted(system: string | null, isOurs: (text: string) => boolean): string {
  const own = kept();
  if (system === null) return own?.text ?? '';
  return isOurs(system) || own === null || own.reached ? system : own.text;
}

export async function systemText(): Promise<string | null> {
  try {
    return await navigator.clipboard.readText();
  } catch {
    return null;
  }
}
