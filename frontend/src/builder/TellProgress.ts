/** Tells the frame how far the open rule has come. */
import { useEffect } from 'react';
import type { Rule } from '../api/types';
import { nodesOf } from '../model/graph';
import { textAt, textsAt } from '../model/json';
import { startChange } from '../model/start';
import { type Progress, useProgressStore } from '../ui/progress';
import { useProblems } from './derived';
import { triggerOf } from './fields';
import { ruleOf, useBuilder, useOpened } from './store';

export function TellProgress({ rule }: { rule: Rule }) {
  const problems = useProblems();
  const told = useProgressStore();
  const opened = useOpened();
  const tested = useBuilder((state) => state.testing.result !== null);
  useEffect(() => {
    if (!told) return;
    const right = (id: string) => !problems.get(id)?.some((one) => one.severity === 'error');
    const nodes = nodesOf(opened);
    const trigger = triggerOf(opened);
    const tree = ruleOf(opened);
    const change = tree ? startChange(tree) : null;
    const asked = nodes.filter((node) => node.kind === 'condition');
    // From and to of the start are an If in the document, but nobody added one.
    const own = change?.from || change?.to ? asked.slice(1) : asked;
    const now: Progress = {
      ruleId: rule.id,
      fresh: rule.live === null,
      start:
        trigger !== undefined &&
        textAt(trigger, 'on') !== '' &&
        (textAt(trigger, 'on') !== 'change' || textAt(trigger, 'table') !== '') &&
        (!('columns' in trigger) || textsAt(trigger, 'columns').length > 0) &&
        right(trigger.id),
      condition: own.some((node) => right(node.id)),
      action: nodes.some((node) => node.kind === 'action' && right(node.id)),
      tested,
      on: rule.enabled,
      table: trigger ? textAt(trigger, 'table') : '',
      events: trigger ? textsAt(trigger, 'events') : [],
    };
    if (JSON.stringify(now) !== JSON.stringify(told.getState().now)) told.setState({ now });
  }, [told, opened, tested, problems, rule]);
  useEffect(() => () => told?.setState({ now: null }), [told]);
  return null;
}
