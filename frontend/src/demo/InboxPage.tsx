import { SegmentedControl, Text } from '@mantine/core';
import { IconMailOpened, IconMessage, IconWebhook } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useDemoMessages } from '../api/notifications';
import type { DemoMessage } from '../api/types';
import { More } from '../ui/More';
import { PageHeader } from '../ui/PageHeader';
import { RelativeTime } from '../ui/RelativeTime';
import { StartHere } from '../ui/StartHere';
import { Empty, LoadError, LoadingRows } from '../ui/States';
import classes from './Inbox.module.css';
import { MessageView } from './MessageView';

const route = getRouteApi('/shell/inbox');

const ICONS = { mail: IconMailOpened, sms: IconMessage, hook: IconWebhook };
const KINDS = ['mail', 'sms', 'hook'] as const;

/** The demo's catchers: every mail, text message and call that a rule has sent, newest first. */
export default function InboxPage() {
  const { t } = useTranslation();
  const { kind = 'mail', message } = route.useSearch();
  const navigate = route.useNavigate();
  const messages = useDemoMessages(kind);
  const items = messages.data?.pages.flatMap((page) => page.items) ?? [];
  const shown = items.find((item) => item.id === message) ?? items[0];

  const kinds = (
    <SegmentedControl
      aria-label={t('demo.kind')}
      value={kind}
      onChange={(value) => void navigate({ search: searchOf(value) })}
      data={KINDS.map((value) => ({ value, label: t(`demo.kinds.${value}`) }))}
    />
  );
  const open = (id: string) => void navigate({ search: { ...searchOf(kind), message: id }, replace: true });

  function body() {
    if (messages.data === undefined) {
      if (!messages.isError) return <LoadingRows />;
      return (
        <LoadError title={t('demo.error')} error={messages.error} onRetry={() => void messages.refetch()} />
      );
    }
    if (shown === undefined) {
      const Icon = ICONS[kind];
      return (
        <Empty icon={<Icon size={24} />} title={t(`demo.empty.${kind}.title`)} actions={<StartHere />}>
          {t(`demo.empty.${kind}.body`)}
        </Empty>
      );
    }
    return (
      <div className={classes.box}>
        <ul className={classes.list}>
          {items.map((item) => (
            <li key={item.id}>
              <Row item={item} open={item.id === shown.id} onOpen={() => open(item.id)} />
            </li>
          ))}
          {messages.hasNextPage && (
            <li>
              <More of={messages} />
            </li>
          )}
        </ul>
        <MessageView message={shown} />
      </div>
    );
  }

  return (
    <>
      <PageHeader title={t('demo.title')} subtitle={t('demo.subtitle')} actions={kinds} />
      {body()}
    </>
  );
}

/** Mails are what one comes for, so their address is the page's own. */
function searchOf(kind: DemoMessage['kind']) {
  return kind === 'mail' ? {} : { kind };
}

function Row({ item, open, onOpen }: { item: DemoMessage; open: boolean; onOpen: () => void }) {
  const { t } = useTranslation();
  return (
    <button type="button" className={classes.row} aria-current={open || undefined} onClick={onOpen}>
      <span className={classes.top}>
        <span className="ry-cut" title={item.to.join(', ')}>
          {item.to.join(', ')}
        </span>
        <Text size="xs" c="dimmed" component="span">
          <RelativeTime at={item.at} />
        </Text>
      </span>
      <span className={`${classes.subject} ry-cut`}>
        {item.kind === 'sms' ? item.text : item.subject === '' ? t('demo.noSubject') : item.subject}
      </span>
    </button>
  );
}
