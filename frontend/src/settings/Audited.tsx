/** Who and what a line of the audit log names, in the reader's words; the log itself keeps `rule:7` and `key NAME`. */
import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

const KEY = 'key ';
const DEMO = 'the demo';
const KINDS = ['rule', 'run', 'connection', 'account', 'key', 'retry', 'table', 'watch'] as const;

/** A person by their address, a key by its name. */
export function Actor({ actor }: { actor: string }) {
  const { t } = useTranslation();
  if (actor === DEMO) return t('audited.demo');
  return actor.startsWith(KEY) ? t('audited.key', { name: actor.slice(KEY.length) }) : actor;
}

/** A rule and a run lead to their own pages. */
export function Subject({ subject }: { subject: string }) {
  const { t } = useTranslation();
  const colon = subject.indexOf(':');
  const kind = KINDS.find((one) => one === subject.slice(0, colon));
  if (kind === undefined) return subject;
  const id = subject.slice(colon + 1);
  const words = t(`audited.of.${kind}`, { id });
  if (kind === 'rule' || kind === 'run') {
    return (
      <Anchor component={Link} to={`/${kind}s/${id}`} size="sm" underline="hover">
        {words}
      </Anchor>
    );
  }
  return words;
}
