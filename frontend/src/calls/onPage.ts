/** A key of the page: not while somebody is in a dialog over it. */
export function onPage(act: () => void): (event: KeyboardEvent) => void {
  return ({ target }) => {
    if (!(target instanceof Element) || target.closest('[role="dialog"]') === null) act();
  };
}
