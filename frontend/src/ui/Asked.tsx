/** A question for approval as somebody who is signed in sees it: what is asked, by which run, and what can be done. */
import { Anchor, Button, Group, Text } from '@mantine/core';
import { IconBellRinging } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useAnswerApproval, useRemind } from '../api/approvals';
import { isProblem } from '../api/client';
import { useMay } from '../api/session';
import type { Approval, Standing } from '../api/types';
import classes from './Asked.module.css';
import { Decide, Decided } from './Decide';
import { useLocale } from './locale';
import { Pill, type Tone } from './Pill';
import { RelativeTime } from './RelativeTime';
import { useProblemText } from './States';
import { toastDone, toastError } from './toast';

const TONES: Record<Standing, Tone> = {
  open: 'busy',
  approved: 'good',
  refused: 'bad',
  late: 'warn',
  cancelled: 'still',
};

/** `within`: on the page of its own run, which needs no links to it. */
export function Asked({ asked, within = false }: { asked: Approval; within?: boolean }) {
  const { t } = useTranslation();
  const people = new Intl.ListFormat(useLocale(), { type: 'disjunction' }).format(asked.asked);
  const more = [
    asked.by_link ? t('approval.byLink') : '',
    asked.for_others ? t('approval.instead') : '',
  ].filter((one) => one !== '');
  return (
    <article
      className={classes.asked}
      data-approval={asked.id}
      data-standing={asked.standing}
      aria-label={asked.question}
    >
      <div className={classes.head}>
        <h2 className={classes.question}>{asked.question}</h2>
        <Pill tone={TONES[asked.standing]}>{t(`approval.standing.${asked.standing}`)}</Pill>
      </div>
      {asked.details !== '' && <p className={classes.details}>{asked.details}</p>}
      <Text size="xs" c="dimmed" component="div" className={classes.meta}>
        {!within && (
          <>
            <Anchor component={Link} to={`/rules/${asked.rule_id}`} size="xs" c="dimmed" underline="always">
              {asked.rule_name}
            </Anchor>
            <Anchor component={Link} to={`/runs/${asked.run_id}`} size="xs" c="dimmed" underline="always">
              {t('approval.run', { number: asked.run_id })}
            </Anchor>
          </>
        )}
        <span>{t('approval.asked', { people })}</span>
        <span>
          {t('approval.since')} <RelativeTime at={asked.asked_at} />
        </span>
        {asked.standing === 'open' && (
          <span>
            {t('approval.due')} <RelativeTime at={asked.until} />
          </span>
        )}
        {asked.answered_at !== null && asked.answered_at !== undefined && (
          <RelativeTime at={asked.answered_at} />
        )}
      </Text>
      {asked.troubles?.map((words) => (
        <Text key={words} size="sm" mt="xs" style={{ color: 'var(--ry-bad)' }}>
          {t('approval.trouble', { words })}
        </Text>
      ))}
      <div className={classes.answer}>
        {asked.standing === 'open' ? (
          <Open asked={asked} />
        ) : (
          <Decided
            standing={asked.standing}
            name={asked.answered_by ?? ''}
            comment={asked.comment ?? ''}
            more={more.join(', ')}
          />
        )}
      </div>
    </article>
  );
}

function Open({ asked }: { asked: Approval }) {
  const { t } = useTranslation();
  const answer = useAnswerApproval();
  const words = useProblemText();
  return (
    <>
      {asked.may_answer ? (
        <>
          {!asked.mine && (
            <Text size="sm" c="dimmed" mb="xs">
              {t('approval.forOthers')}
            </Text>
          )}
          <Decide
            question={asked.question}
            commentNeeded={asked.comment_needed}
            busy={answer.isPending ? answer.variables.answer : null}
            onAnswer={(given) =>
              answer.mutate(
                { id: asked.id, ...given },
                {
                  onSuccess: () => toastDone(t(`approval.done.${given.answer}`)),
                  onError: (error) => toastError(words(error)),
                },
              )
            }
          />
        </>
      ) : (
        <Text size="sm" c="dimmed">
          {t('approval.notAsked')}
        </Text>
      )}
      <Remind asked={asked} />
    </>
  );
}

function Remind({ asked }: { asked: Approval }) {
  const { t } = useTranslation();
  const may = useMay('editor');
  const remind = useRemind();
  const words = useProblemText();
  if (!may || !asked.mailed) return null;
  return (
    <Group mt="xs">
      <Button
        size="compact-sm"
        variant="subtle"
        color="gray"
        c="var(--mantine-color-text)"
        leftSection={<IconBellRinging size={15} aria-hidden />}
        loading={remind.isPending}
        onClick={() =>
          remind.mutate(asked, {
            onSuccess: () => toastDone(t('approval.reminded')),
            onError: (error) =>
              toastError(isProblem(error, 'reminded') ? t('refusals.reminded') : words(error)),
          })
        }
      >
        {t('approval.remind')}
      </Button>
    </Group>
  );
}
