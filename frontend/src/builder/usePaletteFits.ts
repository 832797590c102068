/** Has the column of steps its place? Beside an open panel only on a wide screen: what is left is the drawing's. */
import { useMediaQuery } from '@mantine/hooks';
import { useBuilder } from './store';
import { useWide } from './useWide';

export function usePaletteFits(): boolean {
  const wide = useWide();
  const roomy = useMediaQuery('(min-width: 1200px)', window.innerWidth >= 1200) ?? true;
  const beside = useBuilder((state) => state.selected !== null || state.testing.shown);
  return wide && (roomy || !beside);
}
