/** The record that a where is about: what its rows offer on their left, and where its values come from. */
import { createContext, useContext } from 'react';
import type { FieldGroup } from './fields';

export type Sought = {
  readonly connectionId: number | null;
  readonly table: string;
  readonly groups: readonly FieldGroup[];
};

const SoughtContext = createContext<Sought | null>(null);
export const SoughtProvider = SoughtContext.Provider;

/** Null outside a where: conditions are about the rule's own record. */
export function useSought(): Sought | null {
  return useContext(SoughtContext);
}
