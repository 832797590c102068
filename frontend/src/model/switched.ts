/**
 * Steps that are switched off, and notes: what every step can carry, whatever it does. A rule runs as if a switched off
 * step were not there; of an If its Yes side goes on, of a choose what happens otherwise. The server's `core/in_effect.py` says the same.
 */
import { textAt } from './json';
import type { Rule, RuleNode, Step } from './rule';
import { DONE, OTHERWISE, sidesOf, withSides } from './ways';

/** Characters. Source: docs/rule-format.md. */
export const LONGEST_NOTE = 1000;

export function maySwitchOff(node: RuleNode): boolean {
  return ['condition', 'choose', 'action', 'wait', 'for_each'].includes(node.kind);
}

export function isOff(node: RuleNode): boolean {
  return node['off'] === true;
}

export function switched(node: RuleNode, way: 'off' | 'on'): RuleNode {
  const { off: _off, ...rest } = node;
  return way === 'off' && maySwitchOff(node) ? { ...rest, off: true } : rest;
}

export function noteOf(node: RuleNode): string {
  return textAt(node, 'note');
}

/** With this note; an empty one is none. */
export function withNote(node: RuleNode, note: string): RuleNode {
  const { note: _note, ...rest } = node;
  return note === '' ? rest : { ...rest, note: note.slice(0, LONGEST_NOTE) };
}

/** The rule as it acts. The same value where every step is on. */
export function inEffect(rule: Rule): Rule {
  const steps = acting(rule.steps);
  return steps === rule.steps ? rule : { ...rule, steps };
}

/** By which side a run leaves a step that it passes over: an action that does nothing does not fail. */
const LEFT_BY: readonly string[] = ['yes', OTHERWISE, DONE];

function acting(steps: readonly Step[]): readonly Step[] {
  let same = true;
  const made = steps.flatMap((step): readonly Step[] => {
    if (isOff(step.node)) {
      same = false;
      const side = sidesOf(step).find((one) => LEFT_BY.includes(one.branch));
      return side ? acting(side.steps) : [];
    }
    const now = withSides(step, (side) => acting(side.steps));
    same = same && now === step;
    return [now];
  });
  return same ? steps : made;
}
