/** Is there room for palette, drawing and panel beside each other? */
import { useMediaQuery } from '@mantine/hooks';

export function useWide(): boolean {
  return useMediaQuery('(min-width: 993px)', window.innerWidth > 992) ?? true;
}
