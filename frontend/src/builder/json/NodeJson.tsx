/** The Advanced tab of a step: the step as JSON, of a condition its JSON Logic. */
import { Stack } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { putAt } from '../../model/fix';
import { documentOf, isRuleNode, nodesOf } from '../../model/graph';
import { isObject, type JSONObject, type JSONValue } from '../../model/json';
import type { StepProblem } from '../../model/problems';
import type { RuleNode } from '../../model/rule';
import { useRoom } from '../context';
import { changeNode, useBuilder, useBuilderStore, useOpened } from '../store';
import { JsonText } from './JsonText';
import { stepFaults } from './known';

export function NodeJson({ node, problems }: { node: RuleNode; problems: readonly StepProblem[] }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { problemText } = useRoom();
  const opened = useOpened();
  const editing = useBuilder((state) => state.editing);
  const ruleId = useBuilder((state) => state.ruleId);
  const logic = node.kind === 'condition';
  const under = logic ? '/logic' : '';
  const label = t(logic ? 'builder.json.ofCondition' : 'builder.json.ofStep');
  const known = useMemo(() => stepFaults(problems, under, problemText), [problems, under, problemText]);
  const path = `/nodes/${nodesOf(opened).findIndex((one) => one.id === node.id)}${under}`;
  const ruleWith = (value: JSONValue): JSONObject | null => {
    const made = putAt(documentOf(opened), path, value);
    return isObject(made) ? made : null;
  };
  return (
    <Stack gap="xs">
      <span>{label}</span>
      <JsonText
        value={logic ? (node['logic'] ?? null) : node}
        label={label}
        readOnly={!editing}
        rows={26}
        whole={{ ruleId, path, with: ruleWith, known }}
        onApply={(next) => {
          if (logic) changeNode(store, node.id, (old) => ({ ...old, logic: next }));
          else if (!isRuleNode(next) || next.id !== node.id || next.kind !== node.kind)
            return t('builder.json.notAStep');
          else changeNode(store, node.id, () => next);
          return null;
        }}
      />
    </Stack>
  );
}
