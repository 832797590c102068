/** Everything that runs ask people: what waits for the reader, what waits for others, and what was decided. */
import { Group, SegmentedControl } from '@mantine/core';
import { IconUserCheck } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApprovals } from '../api/approvals';
import { Asked } from '../ui/Asked';
import classes from '../ui/Asked.module.css';
import { More } from '../ui/More';
import { PageHeader } from '../ui/PageHeader';
import { Empty, LoadError, LoadingRows } from '../ui/States';

const route = getRouteApi('/shell/approvals');

export default function ApprovalsPage() {
  const { t } = useTranslation();
  const { whose = 'mine', which = 'open' } = route.useSearch();
  const navigate = route.useNavigate();
  const asked = useApprovals(whose === 'mine', which);
  const items = asked.data?.pages.flatMap((page) => page.items) ?? [];

  const choose = (people: 'mine' | 'all', state: 'open' | 'done') =>
    void navigate({
      search: {
        ...(people === 'all' ? { whose: people } : {}),
        ...(state === 'done' ? { which: state } : {}),
      },
    });
  const choices = (
    <Group gap="sm">
      <SegmentedControl
        aria-label={t('approval.whose.label')}
        value={whose}
        onChange={(value) => choose(value === 'all' ? 'all' : 'mine', which)}
        data={(['mine', 'all'] as const).map((value) => ({ value, label: t(`approval.whose.${value}`) }))}
      />
      <SegmentedControl
        aria-label={t('approval.which.label')}
        value={which}
        onChange={(value) => choose(whose, value === 'done' ? 'done' : 'open')}
        data={(['open', 'done'] as const).map((value) => ({ value, label: t(`approval.which.${value}`) }))}
      />
    </Group>
  );

  function body() {
    if (asked.data === undefined) {
      if (!asked.isError) return <LoadingRows rows={3} height={150} />;
      return (
        <LoadError title={t('approval.loadError')} error={asked.error} onRetry={() => void asked.refetch()} />
      );
    }
    if (items.length === 0) {
      const empty = which === 'done' ? 'done' : whose;
      return (
        <Empty icon={<IconUserCheck size={24} />} title={t(`approval.empty.${empty}.title`)}>
          {t(`approval.empty.${empty}.body`)}
        </Empty>
      );
    }
    return (
      <>
        <ul className={classes.list} aria-label={t('approval.title')}>
          {items.map((one) => (
            <li key={one.id}>
              <Asked asked={one} />
            </li>
          ))}
        </ul>
        <More of={asked} />
      </>
    );
  }

  return (
    <>
      <PageHeader title={t('approval.title')} subtitle={t('approval.subtitle')} actions={choices} />
      {body()}
    </>
  );
}
