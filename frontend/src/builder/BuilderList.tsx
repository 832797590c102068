/** The open rule as a list, a tree or not. */
import type { Board } from '../canvas/board';
import { FreeList } from '../canvas/FreeList';
import { RuleList } from '../canvas/RuleList';

export function BuilderList({ label, ...board }: Board & { readonly label: string }) {
  const { opened } = board;
  return opened.kind === 'rule' ? (
    <RuleList {...board} rule={opened} label={label} />
  ) : (
    <FreeList {...board} free={opened} label={label} />
  );
}
