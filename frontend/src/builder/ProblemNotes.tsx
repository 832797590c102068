/** What is wrong in one place, in words, with the button that mends it. Warnings look calmer and carry examples. */
import { Button } from '@mantine/core';
import { IconAlertCircle, IconAlertTriangle, IconSparkles } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { StepProblem } from '../model/problems';
import { applyFixes } from './attend';
import { useRoom } from './context';
import { keyOf } from './places';
import classes from './problems.module.css';
import { useBuilder, useBuilderStore } from './store';
import { WarningMore } from './WarningMore';

export function FixButton({ problem }: { problem: StepProblem }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { fixText } = useRoom();
  const editing = useBuilder((state) => state.editing);
  if (!problem.fix || !editing) return null;
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconSparkles size={15} aria-hidden />}
      h="auto"
      mih={26}
      maw="100%"
      py={3}
      styles={{ label: { whiteSpace: 'normal', textAlign: 'start', lineHeight: 1.25 } }}
      onClick={() => applyFixes(store, [problem], (key, values) => t(key, values ?? {}))}
    >
      {fixText(problem)}
    </Button>
  );
}

/** Mends everything that can be mended by itself, where that is more than one thing. */
export function FixAll({ problems }: { problems: readonly StepProblem[] }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const editing = useBuilder((state) => state.editing);
  const mendable = problems.filter((problem) => problem.fix !== null);
  if (mendable.length < 2 || !editing) return null;
  return (
    <Button
      size="compact-sm"
      variant="default"
      w="fit-content"
      className={classes.all}
      leftSection={<IconSparkles size={15} aria-hidden />}
      onClick={() => applyFixes(store, mendable, (key, values) => t(key, values ?? {}))}
    >
      {t('problems.fix.all', { count: mendable.length })}
    </Button>
  );
}

export function ProblemNotes({ problems, id }: { problems: readonly StepProblem[]; id: string }) {
  const { problemText } = useRoom();
  return problems.map((problem, index) => {
    const soft = problem.severity === 'warning';
    const Icon = soft ? IconAlertTriangle : IconAlertCircle;
    return (
      <div key={keyOf(problem)} className={classes.note} data-problem-note data-soft={soft || undefined}>
        <Icon size={16} className={classes.sign ?? ''} data-soft={soft || undefined} aria-hidden />
        <div className={classes.said}>
          <span id={`${id}-${index}`}>{problemText(problem)}</span>
          <FixButton problem={problem} />
          <WarningMore problem={problem} />
        </div>
      </div>
    );
  });
}
