/** Can the two ever decide differently? Proven not, a made-up record on which they do, or honestly unknown. */
import { Text } from '@mantine/core';
import { IconArrowsSplit2, IconCircleCheck, IconHelpCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConditionVerdict, Verdict } from '../api/types';
import { nodesOf } from '../model/graph';
import { RecordTable } from './RecordTable';
import type { Sides } from './useSides';
import classes from './versions.module.css';

const ICONS = { equivalent: IconCircleCheck, different: IconArrowsSplit2, unknown: IconHelpCircle } as const;

function Note({
  outcome,
  text,
  children,
}: {
  outcome: Verdict['outcome'];
  text: string;
  children?: ReactNode;
}) {
  const Icon = ICONS[outcome];
  return (
    <div className={classes.verdict} data-outcome={outcome}>
      <Icon size={18} aria-hidden />
      <div>
        <Text size="sm" fw={600} component="p">
          {text}
        </Text>
        {children}
      </div>
    </div>
  );
}

/** The titles of steps that a version takes, or that it does nothing. */
export function useStepsText(sides: Sides): (steps: readonly string[]) => string {
  const { t } = useTranslation();
  const nodes = new Map([...nodesOf(sides.old), ...nodesOf(sides.now)].map((node) => [node.id, node]));
  return (steps) => {
    const titles = steps.flatMap((step) => {
      const node = nodes.get(step);
      return node ? [sides.told.title(node)] : [];
    });
    return titles.length === 0 ? t('versions.decision.nothing') : sides.told.words.list(titles, 'and');
  };
}

/** Of the two versions as a whole. */
export function VerdictNote({ verdict, sides }: { verdict: Verdict; sides: Sides }) {
  const { t } = useTranslation();
  const stepsText = useStepsText(sides);
  const { outcome, code } = verdict;
  return (
    <Note outcome={outcome} text={t(`versions.verdict.${code}`)}>
      {code === 'separated' && (
        <>
          <RecordTable
            before={verdict.before}
            after={verdict.after}
            words={sides.told.words}
            label={t('versions.record.madeUp')}
          />
          <dl className={classes.decisions}>
            <dt>{sides.oldName}</dt>
            <dd>{stepsText(verdict.old_steps ?? [])}</dd>
            <dt>{sides.nowName}</dt>
            <dd>{stepsText(verdict.new_steps ?? [])}</dd>
          </dl>
        </>
      )}
    </Note>
  );
}

/** Of one changed condition on its own. */
export function ConditionNote({ verdict, sides }: { verdict: ConditionVerdict; sides: Sides }) {
  const { t } = useTranslation();
  const { outcome, code } = verdict;
  const says = {
    old: sides.oldName,
    now: sides.nowName,
    oldSays: t(`versions.says.${verdict.old ?? 'no'}`),
    nowSays: t(`versions.says.${verdict.new ?? 'no'}`),
  };
  return (
    <Note outcome={outcome} text={t(`versions.condition.${code}`, says)}>
      {outcome === 'different' && (
        <RecordTable
          before={verdict.before}
          after={verdict.after}
          words={sides.told.words}
          label={t('versions.record.madeUp')}
        />
      )}
    </Note>
  );
}
