/** What happens when an action fails for good: nothing more, or a path of its own that stops or goes on with the rest. */
import { Button, Group, Radio, Switch, Text } from '@mantine/core';
import { IconPlus, IconRouteOff, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { countSteps, placeOf, type RuleNode } from '../model/rule';
import { FAILED, sidesOf } from '../model/ways';
import { useRoom } from './context';
import { Place } from './Place';
import { ruleOf, useBuilder, useBuilderStore, useOpened } from './store';
import classes from './ways.module.css';

export function FailedForm({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { commands } = useRoom();
  const rule = ruleOf(useOpened());
  const pretended = useBuilder((state) => state.testing.failing.includes(node.id));
  const step = rule ? placeOf(rule, node.id)?.step : undefined;
  if (!step) return null;
  const failed = sidesOf(step).find((side) => side.branch === FAILED);
  const stops = step.kind === 'split' && step.stops;
  return (
    <Place at="way/failed">
      <section className={classes.failed} aria-label={t('ways.failed.title')} data-failed-form>
        <h3 className={classes.heading}>
          <IconRouteOff size={16} aria-hidden /> {t('ways.failed.title')}
        </h3>
        <Text size="sm" c="dimmed">
          {failed ? t('ways.failed.explain', { count: countSteps(failed.steps) }) : t('ways.failed.none')}
        </Text>
        {!failed && (
          <Button size="compact-md" variant="light" mt="xs" onClick={() => commands.addFailed(node.id)}>
            {t('ways.failed.add')}
          </Button>
        )}
        {failed && (
          <>
            <Radio.Group
              label={t('ways.failed.after')}
              mt="sm"
              value={stops ? 'stop' : 'goOn'}
              onChange={(chosen) => commands.setStops(node.id, chosen === 'stop')}
            >
              <Group gap="md" mt={6}>
                <Radio value="stop" label={t('ways.failed.stop')} />
                <Radio value="goOn" label={t('ways.failed.goOn')} />
              </Group>
            </Radio.Group>
            <Switch
              mt="sm"
              label={t('ways.failed.pretend')}
              checked={pretended}
              onChange={() =>
                store.setState(({ testing }) => ({
                  testing: {
                    ...testing,
                    failing: pretended
                      ? testing.failing.filter((one) => one !== node.id)
                      : [...testing.failing, node.id],
                  },
                }))
              }
            />
            <Group gap="xs" mt="sm">
              <Button
                size="compact-md"
                variant="light"
                leftSection={<IconPlus size={15} />}
                onClick={() => commands.addFailed(node.id)}
              >
                {t('ways.failed.step')}
              </Button>
              <Button
                size="compact-md"
                variant="subtle"
                color="gray"
                c="var(--mantine-color-text)"
                leftSection={<IconTrash size={15} />}
                onClick={() => commands.removeFailed(node.id)}
              >
                {t('ways.failed.remove')}
              </Button>
            </Group>
          </>
        )}
      </section>
    </Place>
  );
}
