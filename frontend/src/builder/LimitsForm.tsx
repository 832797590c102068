/** How long a step waits for the other side, and how often it is tried: closed, until it is asked for or says so. */
import { Button, NumberInput, Stack } from '@mantine/core';
import { IconHourglass } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { objectAt } from '../model/json';
import { type Limit, limitOf, MOST, usualLimit, withLimit } from '../model/limits';
import type { RuleNode } from '../model/rule';
import { useLocale } from '../ui/locale';
import { separators } from '../ui/separators';
import { Place } from './Place';
import { changeNode, ruleOf, useBuilder, useBuilderStore, useOpened } from './store';

const LIMITS: readonly Limit[] = ['timeout', 'tries'];

export function LimitsForm({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const opened = useOpened();
  const policy = objectAt(ruleOf(opened)?.head ?? {}, 'policy');
  const asked = useBuilder(({ focusAt }) => focusAt?.step === node.id && isLimit(focusAt.place));
  const [shown, setShown] = useState(LIMITS.some((limit) => limitOf(node, limit) !== null));
  if (!shown && !asked) {
    return (
      <Button
        size="compact-sm"
        variant="subtle"
        color="gray"
        c="var(--mantine-color-text)"
        ml={-8}
        mt="md"
        display="block"
        aria-expanded={false}
        leftSection={<IconHourglass size={16} aria-hidden />}
        onClick={() => {
          setShown(true);
          const place = usualLimit(node, 'timeout', policy) === null ? 'tries' : 'timeout';
          store.setState({ focusAt: { step: node.id, place, side: null } });
        }}
      >
        {t('steps.limits.open')}
      </Button>
    );
  }
  return (
    <Stack gap="sm" mt="md" data-limits onFocus={() => setShown(true)}>
      {LIMITS.map((limit) => (
        <LimitInput key={limit} node={node} limit={limit} usual={usualLimit(node, limit, policy)} />
      ))}
    </Stack>
  );
}

function isLimit(place: string): boolean {
  return LIMITS.some((limit) => limit === place);
}

/** Empty is as usual. Too much becomes the most when the field is left. */
function LimitInput({ node, limit, usual }: { node: RuleNode; limit: Limit; usual: number | null }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const store = useBuilderStore();
  const said = limitOf(node, limit);
  if (usual === null && said === null) return null;
  return (
    <Place at={limit}>
      <NumberInput
        label={t(`steps.limits.${limit}`)}
        description={t(`steps.limits.${limit}Hint`)}
        placeholder={t('steps.limits.usual', { usual: usual ?? 0 })}
        min={1}
        max={MOST[limit]}
        allowDecimal={false}
        allowNegative={false}
        {...separators(locale)}
        value={said ?? ''}
        onChange={(typed) => {
          const value = typed === '' ? null : Number(typed);
          if (value === null || (value >= 1 && value <= MOST[limit]))
            changeNode(store, node.id, (old) => withLimit(old, limit, value), `${node.id}.${limit}`);
        }}
      />
    </Place>
  );
}
