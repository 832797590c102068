/** How often it runs for a record, and what it does when it is still busy with it, a mail may be lost, too much happens. */
import { Select } from '@mantine/core';
import { lazy, Suspense, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { withWords } from '../i18n';
import { setPolicy } from '../model/edit';
import { nodesOf } from '../model/graph';
import { isObject } from '../model/json';
import { Labelled } from '../ui/Explain';
import { LimitForm } from './LimitForm';
import { OnceForm } from './OnceForm';
import { put, ruleOf, useBuilder, useBuilderStore } from './store';

const TimingForm = lazy(() => withWords(import('./TimingForm'), 'timing'));
const HoursForm = lazy(() => withWords(import('./HoursForm'), 'hours'));

const CHOICES = {
  overlap: ['queue', 'skip', 'restart', 'parallel'],
  unknown: ['ask', 'resend', 'do_not_resend'],
} as const;

export function PolicyForm() {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const id = useId();
  const rule = useBuilder((state) => ruleOf(state.history.present));
  if (!rule) return null;
  const policy = isObject(rule.head['policy']) ? rule.head['policy'] : {};
  const mails = nodesOf(rule).some((node) => node['do'] === 'send_email' || node['do'] === 'send_sms');
  const select = (key: 'overlap' | 'unknown') => (
    <div>
      <Labelled word={key} htmlFor={`${id}-${key}`} label={t(`builder.policy.${key}.question`)} />
      <Select
        id={`${id}-${key}`}
        data={CHOICES[key].map((word) => ({ value: word, label: t(`builder.policy.${key}.${word}`) }))}
        value={CHOICES[key].find((word) => word === policy[key]) ?? CHOICES[key][0]}
        allowDeselect={false}
        onChange={(word) => word && put(store, setPolicy(rule, key, word))}
      />
    </div>
  );
  return (
    <>
      <OnceForm rule={rule} policy={policy} />
      {select('overlap')}
      {mails && select('unknown')}
      <Suspense fallback={null}>
        <HoursForm rule={rule} />
      </Suspense>
      <LimitForm rule={rule} limit={policy['limit']} />
      <Suspense fallback={null}>
        <TimingForm rule={rule} policy={policy} />
      </Suspense>
    </>
  );
}
