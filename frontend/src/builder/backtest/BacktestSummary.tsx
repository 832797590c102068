/** The figures of a back-test: the headline, the way the runs went, what would have been done, beside the version that is on. */
import { Anchor, Text } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { isGoing } from '../../api/backtests';
import type { Backtest, Rule } from '../../api/types';
import { nodesOf, open } from '../../model/graph';
import { keptHours } from '../../model/hours';
import { isObject, objectAt, same } from '../../model/json';
import { momentText } from '../../ui/clock';
import { useLocale } from '../../ui/locale';
import { Empty } from '../../ui/States';
import { useRoom } from '../context';
import classes from './backtest.module.css';
import { coverage, doneOf, partingOf, partsOf, takenFor } from './figures';
import { NoHistory } from './Hindrances';
import { headline } from './headline';

type Props = { readonly test: Backtest; readonly rule: Rule };

/** What people would miss if it came no more. */
const MISSED = ['send_email', 'send_sms', 'notify'] as const;

/** Everything that was looked at as one bar: what ran, which way, and what did not start the rule. */
function Bar({ test }: { test: Backtest }) {
  const { t } = useTranslation();
  const parts = partsOf(test);
  const { listened, fired } = test.result;
  if (listened === 0) return null;
  return (
    <div>
      <div className={classes.bar} aria-hidden>
        {parts.map((part) => (
          <span
            key={part.key}
            data-part={part.key}
            style={{ width: `${Math.max(0.8, (part.count / listened) * 100)}%` }}
          />
        ))}
      </div>
      <ul className={classes.legend}>
        {parts.map((part) => (
          <li key={part.key}>
            <span data-part={part.key} aria-hidden />
            {t(`backtest.part.${part.key}`, { count: part.count })}
          </li>
        ))}
        {listened > fired && <li>{t('backtest.part.rest', { count: listened - fired })}</li>}
      </ul>
    </div>
  );
}

function Compared({ test, rule }: { test: Backtest; rule: Rule }) {
  const { t } = useTranslation();
  const live: unknown = rule.live?.document;
  if (test.against === null || (isObject(live) && isObject(test.document) && same(live, test.document)))
    return null;
  const { new: fresh, lost, otherwise, without = {} } = test.result;
  const version = test.against;
  const missing = MISSED.filter((kind) => (without[kind] ?? 0) > 0);
  return (
    <section
      className={classes.compared}
      data-compared
      aria-label={t('backtest.compared.title', { version })}
    >
      <h4>{t('backtest.compared.title', { version })}</h4>
      {fresh === 0 && lost === 0 && otherwise === 0 && <p>{t('backtest.compared.same')}</p>}
      {fresh > 0 && <p>{t('backtest.compared.new', { count: fresh, version })}</p>}
      {lost > 0 && <p>{t('backtest.compared.lost', { count: lost, version })}</p>}
      {otherwise > 0 && <p>{t('backtest.compared.otherwise', { count: otherwise, version })}</p>}
      {missing.map((kind) => (
        <p key={kind}>{t(`backtest.compared.without.${kind}`, { count: without[kind] ?? 0, version })}</p>
      ))}
      {otherwise > 0 && (
        <Anchor
          size="sm"
          underline="always"
          renderRoot={(props) => (
            <Link
              {...props}
              to="/rules/$ruleId/versions"
              params={{ ruleId: String(rule.id) }}
              search={{ a: version, b: 'draft' }}
            />
          )}
        >
          {t('backtest.compared.see')}
        </Anchor>
      )}
    </section>
  );
}

/** What the figures leave out, said plainly. */
function Notes({ test }: { test: Backtest }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { words } = useRoom();
  const reach = coverage(test);
  const { events, cut } = test.result;
  const known = test.progress.known ?? 0;
  const since = test.history_since === null ? null : new Date(test.history_since);
  const said: string[] = [];
  if (reach && since) {
    const date =
      reach.unit === 'days'
        ? since.toLocaleString(locale, { day: 'numeric', month: 'short' })
        : momentText(since, 'day', locale);
    said.push(t('backtest.since', { date, duration: words.duration(reach.amount, reach.unit) }));
  }
  const { outside = 0 } = test.result;
  const kept = isObject(test.document) ? keptHours(test.document) : null;
  if (outside > 0 && kept && kept.kind !== 'any' && kept.outside !== 'run')
    said.push(t(`hours.backtest.${kept.outside}`, { count: outside }));
  const document = open(isObject(test.document) ? test.document : {});
  const taken = takenFor(test.result.actions, nodesOf(document));
  if (taken.approvals > 0) said.push(t('backtest.approved', { count: taken.approvals }));
  if (taken.lists && test.result.fired > 0) said.push(t('backtest.lists'));
  if (taken.listed) said.push(t('backtest.doNotCall'));
  if (isObject(test.document) && objectAt(test.document, 'policy')['once']) said.push(t('backtest.once'));
  if (test.state === 'cancelled') said.push(t('backtest.cancelled', { events, known }));
  else if (test.sampled && test.progress.uncounted) said.push(t('backtest.sampledMany', { events, known }));
  else if (test.sampled) said.push(t('backtest.sampled', { events, known }));
  if (cut > 0) said.push(t('backtest.cut', { count: cut }));
  return said.map((note) => (
    <div key={note} className={classes.note}>
      <IconInfoCircle size={16} aria-hidden />
      {note}
    </div>
  ));
}

export function BacktestSummary({ test, rule }: Props) {
  const { t } = useTranslation();
  const { words } = useRoom();
  const going = isGoing(test);
  const { events, listened, errors, paths, actions } = test.result;
  if (test.state === 'cancelled' && events === 0) return <Empty title={t('backtest.cancelledEarly')} />;
  if (!going && listened === 0 && test.result.lost === 0 && test.state !== 'cancelled')
    return <NoHistory test={test} />;
  const document: unknown = test.document;
  const nodes = nodesOf(open(isObject(document) ? document : {}));
  const parting = partingOf(paths);
  const done = doneOf(actions, nodes).map((one) =>
    t(`backtest.did.${one.kind}`, { count: one.count, defaultValue: `${one.kind}: ${one.count}` }),
  );
  const sentences = [
    t('backtest.outOf', { count: listened, table: words.table(test.table) }),
    parting ? t('backtest.parting', parting) : '',
    done.length > 0 ? t('backtest.done', { list: words.list(done, 'and') }) : '',
  ].filter((one) => one !== '');
  return (
    <section className={classes.summary} data-summary={test.state}>
      <h3>{headline(test, t)}</h3>
      <Text size="sm" c="dimmed">
        {sentences.join(' ')}
      </Text>
      <Bar test={test} />
      {errors > 0 && (
        <div className={classes.note} data-bad>
          <IconAlertTriangle size={16} aria-hidden />
          {t('backtest.errors', { count: errors })}
        </div>
      )}
      {!going && <Notes test={test} />}
      <Compared test={test} rule={rule} />
    </section>
  );
}
