import { Button } from '@mantine/core';
import { IconArchiveOff, IconSearchOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type ApiProblem, isRecord } from '../../api/client';
import { days, span } from '../../ui/days';
import { useLocale } from '../../ui/locale';
import { Empty } from '../../ui/States';

/** A run that was there, and is not kept any more: from which days it was, and how long runs are kept. */
export function GoneRun({ id, problem }: { id: number; problem: ApiProblem }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const gone = isRecord(problem.body['gone']) ? problem.body['gone'] : {};
  const { from_on: from, to_on: to, keep_days: well, keep_failed_days: failed } = gone;
  const words = [
    typeof from === 'string' && typeof to === 'string'
      ? t('runDetail.gone.of', { days: days(from, to, locale) })
      : '',
    t('runs.kept.rule', {
      well: span(Number(well), locale),
      failed: span(Number(failed), locale),
    }),
    t('runDetail.gone.figures'),
  ];
  return (
    <Empty icon={<IconArchiveOff size={24} />} title={t('runDetail.gone.title', { id })} actions={<ToRuns />}>
      {words.join(' ')}
    </Empty>
  );
}

/** An address of no run: another try would not help. */
export function NoRun({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <Empty
      icon={<IconSearchOff size={24} />}
      title={t('runDetail.unknown.title', { id })}
      actions={<ToRuns />}
    >
      {t('runDetail.unknown.body')}
    </Empty>
  );
}

function ToRuns() {
  const { t } = useTranslation();
  return (
    <Button variant="default" component={Link} to="/runs">
      {t('runDetail.gone.toRuns')}
    </Button>
  );
}
