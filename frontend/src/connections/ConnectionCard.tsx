import { ActionIcon, Button, Group, Menu, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconDatabase,
  IconDots,
  IconMail,
  IconMessage,
  IconPencil,
  IconTrash,
  IconWorldUpload,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCheckConnection, useRemoveConnection, useSmsProviders } from '../api/connections';
import { useMay } from '../api/session';
import type { AwayTarget, Connection } from '../api/types';
import { Card } from '../ui/Card';
import { Confirm } from '../ui/Confirm';
import { useLocale } from '../ui/locale';
import { Pill, type Tone } from '../ui/Pill';
import { RelativeTime } from '../ui/RelativeTime';
import { useProblemText } from '../ui/States';
import { duration } from '../ui/time';
import { toastDone, toastError } from '../ui/toast';
import classes from './Connections.module.css';
import { SendTest } from './SendTest';
import { address, OWN_PROVIDER } from './settings';
import { troubleText } from './troubleText';
import { UsedBy } from './UsedBy';

const ICONS = { postgres: IconDatabase, smtp: IconMail, sms: IconMessage, http: IconWorldUpload } as const;
const TONES: Record<Connection['state'], Tone> = { works: 'good', failing: 'bad', unchecked: 'still' };

interface Props {
  connection: Connection;
  /** Its system does not answer to runs, whatever the last check said. */
  away: AwayTarget | null;
  admin: boolean;
  onEdit: () => void;
}

export function ConnectionCard({ connection, away, admin, onEdit }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  const words = useProblemText();
  const mayCheck = useMay('editor');
  const check = useCheckConnection();
  const remove = useRemoveConnection();
  const [asking, question] = useDisclosure(false);
  const Icon = ICONS[connection.kind];
  const bare = connection.missing.length > 0;
  const name = connection.label === '' ? connection.name : connection.label;
  const onError = (error: Error) => toastError(words(error));

  const tryIt = () =>
    check.mutate(connection.id, {
      onSuccess: (answer) => {
        const time = duration(answer.took_ms, locale);
        if (answer.works) toastDone(t('connections.works', { name, time }));
        else toastError(t('connections.fails', { name, reason: troubleText(answer, t) }));
      },
      onError,
    });
  const takeAway = () =>
    remove.mutate(connection.id, {
      onSuccess: () => toastDone(t('connections.removed', { name })),
      onError,
      onSettled: question.close,
    });

  const providers = useSmsProviders(connection.kind === 'sms').data?.items;
  const provider = connection.settings['provider'];
  const place = address(
    connection,
    provider === OWN_PROVIDER ? t('smsProvider.own') : providers?.find(({ id }) => id === provider)?.name,
  );
  return (
    <Card>
      <div className={classes.head}>
        <span className={classes.icon} data-kind={connection.kind}>
          <Icon size={22} />
        </span>
        <div className={classes.name}>
          <Text fw={600} truncate>
            {name}
          </Text>
          <Text size="xs" c="dimmed">
            {t(`connections.kind.${connection.kind}`)}
          </Text>
        </div>
        {admin && (
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <ActionIcon aria-label={t('connections.menu', { name })}>
                <IconDots size={18} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconPencil size={16} />} onClick={onEdit}>
                {t('connections.edit')}
              </Menu.Item>
              <Menu.Item leftSection={<IconTrash size={16} />} onClick={question.open}>
                {t('connections.remove')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      <Text size="sm" ff="monospace" className={classes.address} title={place}>
        {place}
      </Text>
      <div className={classes.state}>
        {bare ? (
          <Pill tone="warn">{t('connections.state.bare')}</Pill>
        ) : away === null ? (
          <Pill tone={TONES[connection.state]}>{t(`connections.state.${connection.state}`)}</Pill>
        ) : (
          <Pill tone="bad">{t('connections.state.away')}</Pill>
        )}
        <Text size="xs" c="dimmed" component="span">
          {connection.checked_at !== null && (
            <>
              {t('connections.checked')} <RelativeTime at={connection.checked_at} />
              {' · '}
            </>
          )}
          <UsedBy connection={connection} />
        </Text>
      </div>
      {bare && <p className={classes.reason}>{t('connections.bare')}</p>}
      {!bare && away === null && connection.state === 'failing' && (
        <p className={classes.reason}>{troubleText(connection, t)}</p>
      )}
      <Group gap="xs" mt="md">
        {mayCheck && (
          <Button variant="default" size="xs" loading={check.isPending} onClick={tryIt}>
            {t('connections.check')}
          </Button>
        )}
        {admin && !bare && (connection.kind === 'smtp' || connection.kind === 'sms') && (
          <SendTest connection={connection} name={name} />
        )}
        {connection.kind === 'postgres' && (
          <Button variant="subtle" size="xs" component={Link} to={`/data?connection=${connection.id}`}>
            {t('connections.tables')}
          </Button>
        )}
      </Group>
      <Confirm
        opened={asking}
        title={t('connections.removing.title', { name })}
        confirm={t('connections.removing.confirm')}
        danger
        busy={remove.isPending}
        onConfirm={takeAway}
        onClose={question.close}
      >
        {t('connections.removing.body')}
      </Confirm>
    </Card>
  );
}
