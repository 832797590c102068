/** A path beside a step, in its form: what it is for, what comes after it, and whether a test takes it. */
import { Group, Radio, Switch, Text } from '@mantine/core';
import type { ComponentType, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Step } from '../model/rule';
import { useRoom } from './context';
import { useBuilder, useBuilderStore } from './store';
import classes from './ways.module.css';

/** Where its words stand. */
type Of = { readonly of: 'ways.failed' | 'waits.late' };

/** Found by tests. */
const MARKS = {
  'ways.failed': { 'data-failed-form': true },
  'waits.late': { 'data-late-form': true },
} as const;

type SectionProps = Of & {
  readonly Icon: ComponentType<{ size?: number }>;
  readonly explain: string;
  readonly children: ReactNode;
};

export function PathSection({ of, Icon, explain, children }: SectionProps) {
  const { t } = useTranslation();
  return (
    <section className={classes.failed} aria-label={t(`${of}.title`)} {...MARKS[of]}>
      <h3 className={classes.heading}>
        <Icon size={16} aria-hidden /> {t(`${of}.title`)}
      </h3>
      <Text size="sm" c="dimmed">
        {explain}
      </Text>
      {children}
    </section>
  );
}

/** Does the run stop behind it, or go on with the step that follows? */
export function PathStops({ of, step }: Of & { step: Step }) {
  const { t } = useTranslation();
  const { commands } = useRoom();
  return (
    <Radio.Group
      label={t(`${of}.after`)}
      mt="sm"
      value={step.kind === 'split' && step.stops ? 'stop' : 'goOn'}
      onChange={(chosen) => commands.setStops(step.node.id, chosen === 'stop')}
    >
      <Group gap="md" mt={6}>
        <Radio value="stop" label={t(`${of}.stop`)} />
        <Radio value="goOn" label={t(`${of}.goOn`)} />
      </Group>
    </Radio.Group>
  );
}

/** A test takes the step for failed, or for late. */
export function PathPretended({ of, id }: Of & { id: string }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const pretended = useBuilder((state) => state.testing.failing.includes(id));
  return (
    <Switch
      mt="sm"
      label={t(`${of}.pretend`)}
      checked={pretended}
      onChange={() =>
        store.setState(({ testing }) => ({
          testing: {
            ...testing,
            failing: pretended ? testing.failing.filter((one) => one !== id) : [...testing.failing, id],
          },
        }))
      }
    />
  );
}
