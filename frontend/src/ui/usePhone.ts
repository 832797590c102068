/** Whether the window is as narrow as a phone: the rooms are then at the bottom, tables are lists. */
import { useMediaQuery } from '@mantine/hooks';

/** Pixels; the same in the style sheets. */
const PHONE = 768;

export function usePhone(): boolean {
  return useMediaQuery(`(max-width: ${PHONE}px)`, window.innerWidth <= PHONE) ?? false;
}
