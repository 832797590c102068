import { Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { DemoMessage } from '../api/types';
import { useLocale } from '../ui/locale';
import { fullTime } from '../ui/time';
import classes from './Inbox.module.css';

/** One message in full. Its text is shown as text, never as HTML. */
export function MessageView({ message }: { message: DemoMessage }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const content =
    message.json === null || message.json === undefined
      ? message.text
      : JSON.stringify(message.json, null, 2);
  const title = message.kind === 'sms' ? message.to.join(', ') : message.subject || t('demo.noSubject');
  return (
    <article className={classes.message}>
      <Title order={2}>{title}</Title>
      <Text size="sm" c="dimmed">
        {fullTime(new Date(message.at), locale)}
      </Text>
      <dl className={classes.lines}>
        {message.from !== '' && (
          <>
            <dt>{t('demo.from')}</dt>
            <dd>{message.from}</dd>
          </>
        )}
        <dt>{t('demo.to')}</dt>
        <dd>{message.to.join(', ')}</dd>
      </dl>
      <pre className={classes.text} data-kind={message.kind}>
        {content}
      </pre>
      {message.kind === 'hook' && (
        <details className={classes.headers}>
          <summary>{t('demo.headers')}</summary>
          <dl className={classes.lines}>
            {Object.entries(message.headers ?? {}).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </article>
  );
}
