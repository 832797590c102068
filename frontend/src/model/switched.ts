/**
 * Steps that are switched off, and notes: what every step can carry, whatever it does. A rule runs as if a switched off
 * step were not there; of an If its Yes side goes on. The server's `core/in_effect.py` says the same.
 */
import { textAt } from './json';
import type { Rule, RuleNode, Step } from './rule';

/** Characters. Source: docs/rule-format.md. */
export const LONGEST_NOTE = 1000;

export function maySwitchOff(node: RuleNode): boolean {
  return node.kind === 'condition' || node.kind === 'action' || node.kind === 'wait';
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

function acting(steps: readonly Step[]): readonly Step[] {
  let same = true;
  const made = steps.flatMap((step): readonly Step[] => {
    if (isOff(step.node)) {
      same = false;
      return step.kind === 'if' ? acting(step.yes) : [];
    }
    if (step.kind === 'plain') return [step];
    const [yes, no] = [acting(step.yes), acting(step.no)];
    if (yes === step.yes && no === step.no) return [step];
    same = false;
    return [{ ...step, yes, no }];
  });
  return same ? steps : made;
}
