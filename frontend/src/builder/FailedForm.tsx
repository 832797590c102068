/** What happens when an action fails for good: nothing more, or a path of its own that stops or goes on with the rest. */
import { Button, Group } from '@mantine/core';
import { IconPlus, IconRouteOff, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { objectAt } from '../model/json';
import { limitOf, usualLimit } from '../model/limits';
import { countSteps, placeOf, type RuleNode } from '../model/rule';
import { FAILED, sidesOf } from '../model/ways';
import { useRoom } from './context';
import { PathPretended, PathSection, PathStops } from './PathForm';
import { Place } from './Place';
import { ruleOf, useOpened } from './store';

export function FailedForm({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
  const { commands } = useRoom();
  const rule = ruleOf(useOpened());
  const step = rule ? placeOf(rule, node.id)?.step : undefined;
  if (!step) return null;
  const policy = objectAt(rule?.head ?? {}, 'policy');
  const tries = limitOf(node, 'tries') ?? usualLimit(node, 'tries', policy);
  const failed = sidesOf(step).find((side) => side.branch === FAILED);
  const explain = failed
    ? t('ways.failed.explain', { count: countSteps(failed.steps) })
    : t(tries === 1 ? 'ways.failed.noneOnce' : 'ways.failed.none');
  return (
    <Place at="way/failed">
      <PathSection of="ways.failed" Icon={IconRouteOff} explain={explain}>
        {!failed && (
          <Button size="compact-md" variant="light" mt="xs" onClick={() => commands.addFailed(node.id)}>
            {t('ways.failed.add')}
          </Button>
        )}
        {failed && (
          <>
            <PathStops of="ways.failed" step={step} />
            <PathPretended of="ways.failed" id={node.id} />
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
      </PathSection>
    </Place>
  );
}
