/** How many things are wrong with the open rule; its list leads to each, and mends what mends itself. */
import { Popover, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconAlertCircle, IconAlertTriangle, IconCloudOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StepProblem } from '../model/problems';
import { Pill } from '../ui/Pill';
import { goTo } from './attend';
import { useRoom } from './context';
import { FixAll } from './ProblemNotes';
import { keyOf } from './places';
import classes from './problems.module.css';
import { useBuilder, useBuilderStore } from './store';

type ItemProps = { readonly problem: StepProblem; readonly onGo: () => void };

function Item({ problem, onGo }: ItemProps) {
  const { t } = useTranslation();
  const { problemText, stepTitle } = useRoom();
  const soft = problem.severity === 'warning';
  const Icon = soft ? IconAlertTriangle : IconAlertCircle;
  const inside = (
    <>
      <Icon size={16} className={classes.sign ?? ''} data-soft={soft || undefined} aria-hidden />
      <span>
        <b>{problem.step === '' ? t('builder.review.wholeRule') : stepTitle(problem.step)}</b>
        {problemText(problem)}
      </span>
    </>
  );
  return problem.step === '' ? (
    <div className={classes.item} data-soft={soft || undefined} style={{ cursor: 'default' }}>
      {inside}
    </div>
  ) : (
    <button type="button" className={classes.item} data-soft={soft || undefined} onClick={onGo}>
      {inside}
    </button>
  );
}

export function ProblemsMenu({ problems }: { problems: readonly StepProblem[] }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { commands } = useRoom();
  const away = useBuilder((state) => state.checking === 'away');
  const [opened, setOpened] = useState(false);
  const errors = problems.filter((problem) => problem.severity === 'error');
  const warnings = problems.filter((problem) => problem.severity === 'warning');
  if (problems.length === 0 && !away) return null;
  const go = (problem: StepProblem): void => {
    setOpened(false);
    goTo(store, commands, problem);
  };
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-start"
      width={380}
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <UnstyledButton
          data-problems={errors.length}
          data-warnings={warnings.length}
          onClick={() => setOpened((shown) => !shown)}
        >
          {errors.length > 0 ? (
            <Pill tone="bad">{t('problems.count.errors', { count: errors.length })}</Pill>
          ) : warnings.length > 0 ? (
            <Pill tone="warn">{t('problems.count.warnings', { count: warnings.length })}</Pill>
          ) : (
            <Pill tone="still">{t('problems.count.away')}</Pill>
          )}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown
        mah={440}
        p={8}
        style={{ overflowY: 'auto' }}
        // Escape closes this list only, not the panel behind it.
        onKeyDown={(event) => event.key === 'Escape' && event.stopPropagation()}
      >
        <Stack gap={6}>
          {away && (
            <Text size="xs" c="dimmed" px={8} pt={4}>
              <IconCloudOff size={14} aria-hidden style={{ verticalAlign: -2 }} /> {t('problems.away')}
            </Text>
          )}
          {[errors, warnings].map(
            (group) =>
              group[0] && (
                <section key={group[0].severity}>
                  <Text size="xs" fw={600} c="dimmed" px={8} pb={2}>
                    {t(`problems.group.${group[0].severity}`)}
                  </Text>
                  <ul className={classes.list}>
                    {group.map((problem) => (
                      <li key={keyOf(problem)}>
                        <Item problem={problem} onGo={() => go(problem)} />
                      </li>
                    ))}
                  </ul>
                </section>
              ),
          )}
          <FixAll problems={problems} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
