/** What turning a rule on means, for the builder and the list of rules alike: does, touches, past, present, limit. */
import { List, Stack, Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { Already } from '../api/rules';
import { withWords } from '../i18n';
import type { Opened } from '../model/graph';
import { objectAt, textAt } from '../model/json';
import { sentence } from '../model/sentence';
import { plain, type Words } from '../model/wording';
import { AlreadyQuestion } from './AlreadyQuestion';
import { LimitLine } from './LimitLine';
import classes from './review.module.css';
import { touchesOf } from './touches';

const TimingLines = lazy(() => withWords(import('./TimingLines'), 'timing'));
const HoursLine = lazy(() => withWords(import('./HoursLine'), 'hours'));

type Props = {
  readonly ruleId: number;
  readonly opened: Opened;
  readonly words: Words;
  /** The table that it starts from. */
  readonly table: string;
  /** The version that would go on; null: the draft, which is the one that `of` names. */
  readonly version: number | null;
  readonly of: string | null;
  readonly blocked: boolean;
  readonly already: Already;
  readonly onAlready: (value: Already) => void;
  /** Null where the limit cannot be changed here. */
  readonly onLimit: ((limit: number | 'auto' | 'off') => void) | null;
  /** Shown for rules that start on a change: no others have a history to be tried on. */
  readonly backtest?: ReactNode;
  readonly problems: ReactNode;
};

export function ReviewBody(props: Props) {
  const { ruleId, opened, words, table, version, of, blocked, already, onAlready, onLimit } = props;
  const { t } = useTranslation();
  const touches = touchesOf(opened, table, words, (key, values) => t(key, values));
  const head = opened.kind === 'rule' ? opened.head : opened.document;
  const trigger =
    opened.kind === 'rule' ? opened.trigger : opened.nodes.find((one) => one.kind === 'trigger');
  const on = textAt(trigger, 'on');
  return (
    <Stack gap="md">
      {opened.kind === 'rule' && <p className={classes.sentence}>{plain(sentence(opened, words))}</p>}
      {touches.length > 0 && (
        <div data-touches>
          <Text size="sm" fw={600} mb={6}>
            {t('builder.review.touches')}
          </Text>
          <List size="sm" spacing={4} icon={<Tick />}>
            {touches.map((one) => (
              <List.Item key={one}>{one}</List.Item>
            ))}
          </List>
        </div>
      )}
      {!blocked && on === 'change' && props.backtest}
      {props.problems}
      {!blocked && (on === 'change' || on === 'date') && of !== null && (
        <div className={classes.questionPlace}>
          <AlreadyQuestion
            ruleId={ruleId}
            version={version}
            of={of}
            words={words}
            value={already}
            onChange={onAlready}
          />
        </div>
      )}
      {['once', 'pace', 'settle', 'batch'].some((key) => objectAt(head, 'policy')[key]) && (
        <Suspense fallback={null}>
          <TimingLines policy={objectAt(head, 'policy')} />
        </Suspense>
      )}
      <Suspense fallback={null}>
        <HoursLine head={head} words={words} />
      </Suspense>
      <LimitLine ruleId={ruleId} limit={objectAt(head, 'policy')['limit']} onChange={onLimit} />
    </Stack>
  );
}

function Tick() {
  return (
    <span className={classes.touch}>
      <IconCheck size={16} aria-hidden />
    </span>
  );
}
