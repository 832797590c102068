/** Why a rule did, or did not, run for one change: the same canvas and story, over an explanation. */
import { Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { nodesOf, open } from '../model/graph';
import { isObject } from '../model/json';
import type { FlipLike } from '../model/reason';
import { Reasons } from './Reasons';
import { logicsOf, type Reasoned } from './reasons';
import type { EventLike } from './story';
import classes from './story.module.css';
import { TraceCanvas } from './TraceCanvas';
import { TraceStory } from './TraceStory';
import type { StoryTrace } from './traceTypes';
import { useSubject } from './useTables';
import { useWords } from './words';

type Explanation = Reasoned & {
  readonly trace: StoryTrace;
  readonly otherwise?: Readonly<Record<string, readonly FlipLike[]>>;
};

type Props = {
  readonly document: unknown;
  readonly explanation: Explanation;
  readonly event: EventLike | null;
};

const NO_ATTEMPTS = {};
/** Where it did not run, the nearest reason has said it already. */
const NO_FLIPS = {};

export function WhyNot({ document, explanation, event }: Props) {
  const { t } = useTranslation();
  const opened = useMemo(() => open(isObject(document) ? document : {}), [document]);
  const subject = useSubject(opened);
  const words = useWords(subject.tables);
  const logics = useMemo(() => logicsOf(nodesOf(opened)), [opened]);
  const version = explanation.version ?? null;
  const wasOff = explanation.reason_code.startsWith('rule-');
  const [selected, setSelected] = useState<string | null>(null);
  return (
    <div className={classes.why}>
      <div className={classes.whyCanvas}>
        <TraceCanvas
          opened={opened}
          words={words}
          trace={explanation.trace}
          selected={selected}
          onSelect={setSelected}
          label={t('runDetail.canvas')}
          timed={false}
        />
      </div>
      <div className={classes.whyStory}>
        <Reasons found={explanation} logics={logics} words={words} />
        <Text size="xs" c="dimmed" my="sm">
          {version === null ? t('why.draft') : t(wasOff ? 'why.versionOff' : 'why.version', { version })}
        </Text>
        <TraceStory
          opened={opened}
          trace={explanation.trace}
          event={event}
          attempts={NO_ATTEMPTS}
          otherwise={(explanation.fired ? explanation.otherwise : undefined) ?? NO_FLIPS}
          words={words}
          selected={selected}
          onSelect={setSelected}
        />
      </div>
    </div>
  );
}
