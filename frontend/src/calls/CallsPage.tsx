/** The lists of calls: which there are, the call that is one's own now, and what waits or is done. */
import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconPhoneCall, IconPhoneOff } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Call, useCallLists, useCalls, useOwnCall, useReopenCall, useTakeNext } from '../api/calls';
import { useSession } from '../api/session';
import { More } from '../ui/More';
import { PageHeader } from '../ui/PageHeader';
import { SearchField } from '../ui/SearchField';
import { StartHere } from '../ui/StartHere';
import { Empty, LoadError, LoadingRows, NoResult, useProblemText } from '../ui/States';
import { toastError } from '../ui/toast';
import { CallNow } from './CallNow';
import classes from './Calls.module.css';
import { CallTable } from './CallTable';
import { onPage } from './onPage';

const route = getRouteApi('/shell/calls');

export default function CallsPage() {
  const { t } = useTranslation();
  const { list, state = 'waiting', find = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const lists = useCallLists();
  const names = lists.data?.items ?? [];
  const chosen = names.find((one) => one.name === list) ?? names[0];
  const name = chosen?.name ?? '';
  const me = `account:${useSession().data?.account?.id ?? ''}`;
  const calls = useCalls(name, state, find, name !== '');
  const items = calls.data?.pages.flatMap((page) => page.items) ?? [];
  const mine = useOwnCall();
  const own = mine.data?.items[0];
  // Nobody knows yet whether one has a call: another is not taken beside it.
  const free = mine.data !== undefined && own === undefined;
  const words = useProblemText();
  const next = useTakeNext();
  const [ended, setEnded] = useState<Call | null>(null);

  const show = ({ state: wanted = state, find: sought = find }: { state?: string; find?: string }): void =>
    void navigate({
      search: {
        ...(list === undefined ? {} : { list }),
        ...(wanted === 'done' ? { state: 'done' as const } : {}),
        ...(sought === '' ? {} : { find: sought }),
      },
      replace: true,
    });
  const takeNext = (): void => {
    if (name === '' || !free || next.isPending) return;
    setEnded(null);
    next.mutate(name, { onError: (error) => toastError(words(error)) });
  };
  useHotkeys([['n', onPage(takeNext)]]);

  const header = (
    <PageHeader
      title={t('calls.title')}
      subtitle={t('calls.subtitle')}
      actions={
        <Button
          component={Link}
          to="/calls/do-not-call"
          variant="default"
          leftSection={<IconPhoneOff size={17} aria-hidden />}
        >
          {t('calls.not.link')}
        </Button>
      }
    />
  );
  if (lists.data === undefined) {
    return (
      <>
        {header}
        {lists.isError ? (
          <LoadError title={t('calls.error')} error={lists.error} onRetry={() => void lists.refetch()} />
        ) : (
          <LoadingRows />
        )}
      </>
    );
  }
  if (!chosen) {
    return (
      <>
        {header}
        <Empty icon={<IconPhoneOff size={24} />} title={t('calls.empty')} actions={<StartHere />}>
          {t('calls.emptyBody')}
        </Empty>
      </>
    );
  }

  function body() {
    if (calls.data === undefined) {
      if (!calls.isError) return <LoadingRows />;
      return <LoadError title={t('calls.error')} error={calls.error} onRetry={() => void calls.refetch()} />;
    }
    if (items.length > 0) {
      return (
        <>
          <CallTable calls={items} state={state} me={me} busy={own !== undefined} />
          <More of={calls} />
        </>
      );
    }
    if (find !== '') {
      return (
        <NoResult
          title={t('calls.noResult', { find })}
          clear={t('calls.clear')}
          onClear={() => show({ find: '' })}
        />
      );
    }
    return <Empty icon={<IconPhoneCall size={24} />} title={t(`calls.none.${state}`)} />;
  }

  return (
    <>
      {header}
      <Group gap="xs" mb="md" role="group" aria-label={t('calls.lists')}>
        {names.map((one) => (
          <Button
            key={one.name}
            size="compact-md"
            radius="xl"
            variant={one.name === name ? 'filled' : 'default'}
            aria-pressed={one.name === name}
            onClick={() => {
              setEnded(null);
              void navigate({ search: { list: one.name } });
            }}
          >
            {one.name} · {t('calls.waiting', { count: one.waiting })}
          </Button>
        ))}
      </Group>
      <section className={classes.now} aria-label={t('calls.now')}>
        {mine.isError && mine.data === undefined ? (
          <LoadError title={t('calls.error')} error={mine.error} onRetry={() => void mine.refetch()} />
        ) : own ? (
          <CallNow key={own.id} call={own} onEnded={setEnded} />
        ) : (
          <Group gap="md">
            <Button
              leftSection={<IconPhoneCall size={17} />}
              aria-keyshortcuts="n"
              // What had the keyboard went with the call that ended.
              autoFocus={ended !== null}
              loading={next.isPending}
              disabled={!free || chosen.due === 0}
              onClick={takeNext}
            >
              {t('calls.takeNext')}
            </Button>
            <Text size="sm" c="dimmed">
              {chosen.due === 0 ? t('calls.nothingDue') : t('calls.due', { count: chosen.due })}
              {chosen.done_today > 0 && ` · ${t('calls.doneToday', { count: chosen.done_today })}`}
            </Text>
            {ended && <Ended call={ended} onBack={() => setEnded(null)} />}
          </Group>
        )}
      </section>
      <Group gap="sm" mb="sm">
        <SegmentedControl
          aria-label={t('calls.which')}
          value={state}
          onChange={(value) => show({ state: value })}
          data={['waiting', 'done'].map((one) => ({ value: one, label: t(`calls.state.${one}`) }))}
        />
        <SearchField
          key={name}
          label={t('calls.find')}
          value={find}
          onFind={(typed) => show({ find: typed })}
        />
      </Group>
      {body()}
    </>
  );
}

/** What was said last, and its way back. */
function Ended({ call, onBack }: { call: Call; onBack: () => void }) {
  const { t } = useTranslation();
  const words = useProblemText();
  const reopen = useReopenCall();
  return (
    <Group gap="xs">
      <Text size="sm">
        {call.name || call.phone}: {t(`calls.outcome.${call.outcome ?? 'call_again'}`)}
      </Text>
      {call.state === 'done' && (
        <Button
          size="compact-sm"
          variant="default"
          loading={reopen.isPending}
          onClick={() =>
            reopen.mutate(call.id, { onSuccess: onBack, onError: (error) => toastError(words(error)) })
          }
        >
          {t('calls.undo')}
        </Button>
      )}
    </Group>
  );
}
