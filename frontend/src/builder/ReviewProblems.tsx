/** In the review before turning on: the steps that must be mended first, and apart from them what is worth a look. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertCircle, IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { StepProblem } from '../model/problems';
import { goTo } from './attend';
import { useRoom } from './context';
import { FixAll, FixButton } from './ProblemNotes';
import classes from './panel.module.css';
import { keyOf } from './places';
import { useBuilderStore } from './store';
import { WarningMore } from './WarningMore';

function Row({ problem }: { problem: StepProblem }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { commands, problemText, stepTitle } = useRoom();
  const soft = problem.severity === 'warning';
  const Icon = soft ? IconAlertTriangle : IconAlertCircle;
  return (
    <div className={classes.warn} data-soft={soft || undefined} data-wraps>
      <Icon size={18} aria-hidden />
      <Stack gap={6} flex="1 1 220px" miw={0} align="flex-start">
        <span>
          <b>{problem.step === '' ? t('builder.review.wholeRule') : stepTitle(problem.step)}</b>
          {t('look.colon')}
          {problemText(problem)}
        </span>
        <FixButton problem={problem} />
        <WarningMore problem={problem} />
      </Stack>
      {problem.step !== '' && (
        <Button size="compact-sm" variant="default" ml="auto" onClick={() => goTo(store, commands, problem)}>
          {t('builder.review.show')}
        </Button>
      )}
    </div>
  );
}

export function ReviewProblems({ problems }: { problems: readonly StepProblem[] }) {
  const { t } = useTranslation();
  const errors = problems.filter((problem) => problem.severity === 'error');
  const warnings = problems.filter((problem) => problem.severity === 'warning');
  const steps = new Set(errors.map((problem) => problem.step)).size;
  return (
    <>
      {errors.length > 0 && (
        <Stack gap="xs">
          <Group justify="space-between">
            <Text size="sm" fw={600} role="alert">
              {t('problems.review.blocked', { count: steps })}
            </Text>
            <FixAll problems={errors} />
          </Group>
          {errors.map((problem) => (
            <Row key={keyOf(problem)} problem={problem} />
          ))}
        </Stack>
      )}
      {warnings.length > 0 && (
        <Stack gap="xs">
          <Text size="sm" fw={600}>
            {t('problems.review.warnings')}
          </Text>
          {warnings.map((problem) => (
            <Row key={keyOf(problem)} problem={problem} />
          ))}
        </Stack>
      )}
    </>
  );
}
