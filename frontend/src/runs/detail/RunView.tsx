import { Anchor, Text, Title } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../api/types';
import { TraceCanvas } from '../../canvas/TraceCanvas';
import { TraceStory } from '../../canvas/TraceStory';
import { useSubject } from '../../canvas/useTables';
import { useWords } from '../../canvas/words';
import { withWords } from '../../i18n';
import { reasonOf } from '../../i18n/faultText';
import { open } from '../../model/graph';
import { isObject } from '../../model/json';
import room from '../../ui/Room.module.css';
import { CascadeTree } from './CascadeTree';
import { RunAsked } from './RunAsked';
import { RunBar } from './RunBar';
import { ItemOf, RunItems } from './RunItems';
import classes from './run.module.css';
import { Settle } from './Settle';

const RunTurn = lazy(() => withWords(import('./RunTurn'), 'timing'));

/** What is drawn here is not the rule of today: said before the story, with the way to what changed. */
function OtherVersion({ run }: { run: Run }) {
  const { t } = useTranslation();
  const { version, live_version: live } = run;
  if (live === null || live === version) return null;
  return (
    <div className={classes.note} data-other-version>
      <IconInfoCircle size={16} aria-hidden />
      <span>
        {t('runDetail.otherVersion', { version, live })}{' '}
        <Anchor
          inherit
          underline="always"
          renderRoot={(props) => (
            <Link
              {...props}
              to="/rules/$ruleId/versions"
              params={{ ruleId: String(run.rule_id) }}
              search={{ a: version, b: live }}
            />
          )}
        >
          {t('runDetail.seeChanged')}
        </Anchor>
      </span>
    </div>
  );
}

/** Canvas and story side by side; choosing a step in one shows it in the other. */
export function RunView({ run }: { run: Run }) {
  const { t } = useTranslation();
  // The document of a version never changes: opened once, so that only the paint is new when the run goes on.
  const written = JSON.stringify(run.document);
  const opened = useMemo(() => {
    const document: unknown = JSON.parse(written);
    return open(isObject(document) ? document : {});
  }, [written]);
  const subject = useSubject(opened);
  const words = useWords(subject.tables);
  const [selected, setSelected] = useState<string | null>(null);
  const select = useCallback((id: string) => {
    setSelected(id);
    document
      .querySelector(`[data-story="${CSS.escape(id)}"]`)
      ?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  }, []);
  return (
    <div className={room.page}>
      <RunBar run={run} opened={opened} words={words} />
      <div className={classes.columns}>
        <div className={classes.canvas}>
          <TraceCanvas
            opened={opened}
            words={words}
            trace={run.trace}
            selected={selected}
            onSelect={select}
            label={t('runDetail.canvas')}
            timed
          />
        </div>
        <aside className={classes.story} aria-labelledby="what-happened">
          <CascadeTree runId={run.id} />
          <Title order={2} id="what-happened" mb="md">
            {t('runDetail.whatHappened')}
          </Title>
          <OtherVersion run={run} />
          <ItemOf run={run} />
          <Settle run={run} />
          <RunAsked run={run} />
          {(run.turn !== null || (run.merges ?? 0) > 0 || (run.listed ?? []).length > 0) && (
            <Suspense fallback={null}>
              <RunTurn run={run} />
            </Suspense>
          )}
          {run.trace.steps.length === 0 && run.fault === null && run.turn === null && (
            <Text size="sm" c="dimmed">
              {t('runDetail.notStarted')}
            </Text>
          )}
          {run.fault !== null && !run.trace.steps.some((step) => step.error) && (
            <Text size="sm" mb="md" data-fault>
              {reasonOf(run, t)}
            </Text>
          )}
          <TraceStory
            opened={opened}
            trace={run.trace}
            event={run.event}
            attempts={run.attempts}
            otherwise={run.otherwise ?? {}}
            words={words}
            selected={selected}
            onSelect={setSelected}
          />
          {Object.entries(run.items ?? {}).map(([node, counts]) => (
            <RunItems key={node} run={run} node={node} counts={counts} />
          ))}
          {run.fault?.code === 'target-away' && (
            <Anchor component={Link} to="/connections" size="sm" underline="always" data-see-away>
              {t('runDetail.seeAway')}
            </Anchor>
          )}
        </aside>
      </div>
    </div>
  );
}
