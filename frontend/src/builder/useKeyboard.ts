/** The keys of the builder. Text fields keep their own keys; single letters work only outside of them. */
import { useHotkeys } from '@mantine/hooks';
import { showBacktest } from './backtest/useBacktesting';
import { focusCard, focusPanel, stepAtHand } from './cardFocus';
import type { Commands } from './commands';
import type { BuilderStore } from './store';
import { useCovered } from './useCovered';

type Extra = {
  readonly test: () => void;
  readonly past: () => void;
  readonly save: () => Promise<void>;
  readonly fit: () => void;
  readonly zoom: (factor: number) => void;
};

export function useKeyboard(store: BuilderStore, commands: Commands, extra: Extra): void {
  const covered = useCovered();
  const onStep = (perform: (id: string) => void) => () => {
    const id = stepAtHand(store);
    if (id !== null) perform(id);
  };
  // What was focused is drawn anew, elsewhere.
  const otherView = (): void => {
    const id = stepAtHand(store);
    const onCard = document.activeElement?.closest('[data-card]') !== null;
    store.setState(({ view }) => ({ view: view === 'canvas' ? 'list' : 'canvas' }));
    if (onCard && id !== null) focusCard(id);
  };
  const outsidePanel = (perform: () => void) => (event: KeyboardEvent) => {
    const at = event.target;
    if (
      at instanceof Element &&
      at.closest('[data-panel], [role="dialog"], [role="listbox"], [role="menu"], [role="tablist"]')
    )
      return;
    event.preventDefault();
    perform();
  };
  const leave = (event: KeyboardEvent): void => {
    // One Escape closes one thing, the topmost.
    if (covered(event) || (event.target instanceof Node && !event.target.isConnected)) return;
    const { menuAt, selected, testing, painting, backtest } = store.getState();
    if (menuAt !== null) store.setState({ menuAt: null });
    else if (painting) store.setState({ painting: null, testing: { ...testing, shown: false } });
    else if (backtest.shown) showBacktest(store, false);
    else if (selected !== null) commands.select(null);
  };
  // On the card that is chosen already: into its settings. Escape there leads back to the card.
  const enter = (event: KeyboardEvent): void => {
    const at = event.target;
    if (!(at instanceof Element) || !at.matches('[data-card] button[aria-pressed="true"]')) return;
    event.preventDefault();
    focusPanel();
  };
  useHotkeys([
    ['mod+Z', () => commands.undo()],
    ['mod+shift+Z', () => commands.redo()],
    ['mod+Y', () => commands.redo()],
    ['mod+D', onStep(commands.duplicate)],
    ['Delete', onStep(commands.remove)],
    ['Backspace', onStep(commands.remove)],
    ['alt+ArrowUp', onStep((id) => commands.moveBy(id, 'up'))],
    ['alt+ArrowDown', onStep((id) => commands.moveBy(id, 'down'))],
    ['ArrowUp', outsidePanel(() => commands.walk('up')), { preventDefault: false }],
    ['ArrowDown', outsidePanel(() => commands.walk('down')), { preventDefault: false }],
    ['ArrowLeft', outsidePanel(() => commands.walk('left')), { preventDefault: false }],
    ['ArrowRight', outsidePanel(() => commands.walk('right')), { preventDefault: false }],
    ['N', () => commands.openMenuAfter(stepAtHand(store))],
    ['A', () => commands.openMenuAfter(null)],
    ['O', onStep(commands.toggleOff)],
    ['M', onStep(commands.note)],
    ['E', onStep(commands.addFailed)],
    ['T', () => extra.test()],
    ['B', () => extra.past()],
    ['F', () => extra.fit()],
    ['L', otherView],
    ['[plus]', () => extra.zoom(1.2)],
    ['shift+[plus]', () => extra.zoom(1.2)],
    ['=', () => extra.zoom(1.2)],
    ['-', () => extra.zoom(1 / 1.2)],
    ['Enter', enter, { preventDefault: false }],
    ['Space', enter, { preventDefault: false }],
    ['Escape', leave, { preventDefault: false }],
  ]);
  useHotkeys([['mod+S', () => void extra.save()]], []);
}
