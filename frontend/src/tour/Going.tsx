/** The tour while it goes on: what is next and how, all its steps where they are asked for, and the run at the end. */
import { Button, Text, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconCircle, IconCircleCheckFilled, IconCircleDot } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { isRecord } from '../api/client';
import { useConnections } from '../api/connections';
import { useRule } from '../api/rules';
import { useFirstRun } from '../api/tour';
import { LastStep } from './LastStep';
import { Ring } from './Ring';
import { type Kept, nextStep, OVER, STEPS, type Step } from './steps';
import { focusTarget } from './targets';
import classes from './tour.module.css';
import type { TourState } from './useTour';

interface Props {
  tour: TourState;
  kept: Kept;
  folded: boolean;
}

export function Going({ tour, kept, folded }: Props) {
  const { t } = useTranslation();
  const wide = useMediaQuery('(min-width: 993px)', window.innerWidth > 992) ?? true;
  const next = nextStep(kept.done);
  const open = tour.now?.ruleId === kept.ruleId;
  const words = {
    field: t('builder.start.kind.field'),
    if: t('builder.kind.condition.name'),
    notify: t('builder.kind.notify.name'),
    new: t('rules.new'),
    test: t('builder.top.test'),
    on: t('builder.top.turnOn'),
    add: t('look.addStep'),
    // Without a column of steps, and mostly without keys, other ways lead there.
    context: wide ? '' : 'narrow',
  };
  const away = next !== null && next !== 'make' && next !== 'run' && !open && kept.ruleId !== null;
  const hint =
    next === null ? t('tour.done.body') : away ? t('tour.away') : t(`tour.step.${next}.hint`, words);
  const said = (
    <>
      {next !== null && !away && (
        <strong>
          {t(`tour.step.${next}.name`)}
          {t('look.stop')}
        </strong>
      )}
      {hint}
    </>
  );
  return (
    <>
      <Text size="sm" className={classes.hint}>
        {said}
      </Text>
      {tour.over && createPortal(<p className={classes.over}>{said}</p>, tour.over)}
      {away && kept.ruleId !== null && (
        <Link to="/rules/$ruleId" params={{ ruleId: String(kept.ruleId) }} className={classes.link}>
          {t('tour.back')}
        </Link>
      )}
      {kept.ruleId !== null && kept.done.includes('on') && (
        <Run tour={tour} kept={kept} ruleId={kept.ruleId} />
      )}
      {next !== null && next !== 'run' && !away && (
        <Button size="sm" variant="default" onClick={() => focusTarget(next)}>
          {t('tour.there')}
        </Button>
      )}
      {!folded && (
        <ol className={classes.list}>
          {STEPS.map((step) => (
            <Line key={step} step={step} done={kept.done.includes(step)} next={step === next} />
          ))}
        </ol>
      )}
      {next !== null && !away && <Ring step={next} />}
      <VisuallyHidden role="status" aria-live="polite">
        {next === null
          ? t('tour.done.title')
          : t('tour.said', {
              number: STEPS.indexOf(next) + 1,
              all: STEPS.length,
              step: t(`tour.step.${next}.name`),
              hint,
            })}
      </VisuallyHidden>
    </>
  );
}

function Line({ step, done, next }: { step: Step; done: boolean; next: boolean }) {
  const { t } = useTranslation();
  const Icon = done ? IconCircleCheckFilled : next ? IconCircleDot : IconCircle;
  return (
    <li
      className={classes.line}
      data-done={done || undefined}
      data-step={step}
      aria-current={next ? 'step' : undefined}
    >
      <Icon size={18} aria-hidden />
      <span>{t(`tour.step.${step}.name`)}</span>
      {done && <VisuallyHidden>{t('tour.ticked')}</VisuallyHidden>}
    </li>
  );
}

/** Asks for the first run; what the rule listens to comes from the server, for the builder may be closed by now. */
function Run({ tour, kept, ruleId }: { tour: TourState; kept: Kept; ruleId: number }) {
  const { t } = useTranslation();
  const ran = kept.done.includes('run');
  const first = useFirstRun(ruleId);
  const rule = useRule(ruleId);
  const connections = useConnections();
  const { keep } = tour;
  const run = first.data;
  useEffect(() => {
    if (run && !ran) keep({ ...kept, done: STEPS });
  }, [run, ran, kept, keep]);
  if (run) {
    return (
      <div className={classes.buttons}>
        <Button
          size="sm"
          renderRoot={(props) => <Link {...props} to="/runs/$runId" params={{ runId: String(run.id) }} />}
        >
          {t('tour.done.see')}
        </Button>
        <Button size="sm" variant="default" onClick={() => keep(OVER)}>
          {t('tour.done.finish')}
        </Button>
      </div>
    );
  }
  const nodes: unknown = rule.data?.draft.document['nodes'];
  const trigger = (Array.isArray(nodes) ? nodes : [])
    .filter(isRecord)
    .find((one) => one['kind'] === 'trigger');
  if (!trigger) return null;
  const { table, events, connection } = trigger;
  return (
    <LastStep
      ruleId={ruleId}
      connectionId={connections.data?.items.find((one) => one.name === connection)?.id ?? null}
      table={typeof table === 'string' ? table : ''}
      events={Array.isArray(events) ? events.filter((one) => typeof one === 'string') : []}
    />
  );
}
