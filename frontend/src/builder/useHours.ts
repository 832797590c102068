/** The hours that the open rule keeps. */
import { documentOf } from '../model/graph';
import { type Kept, keptHours } from '../model/hours';
import { useOpened } from './store';

export function useHours(): Kept {
  return keptHours(documentOf(useOpened()));
}
