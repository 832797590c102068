/** How often the rule may run before further runs are held: as usual, up to a number an hour, or without a limit. */
import { Select } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useHeld } from '../api/held';
import { setPolicy } from '../model/edit';
import type { JSONValue } from '../model/json';
import type { Rule } from '../model/rule';
import { CountInput } from '../ui/CountInput';
import { Labelled } from '../ui/Explain';
import { put, useBuilder, useBuilderStore } from './store';

const CHOICES = ['auto', 'number', 'off'] as const;
const FIRST_NUMBER = 200;
const MOST = 1_000_000;

export function LimitForm({ rule, limit }: { rule: Rule; limit: JSONValue | undefined }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const id = useId();
  const ruleId = useBuilder((state) => state.ruleId);
  const automatic = useHeld(ruleId).data?.automatic ?? null;
  const chosen = typeof limit === 'number' ? 'number' : limit === 'off' ? 'off' : 'auto';
  const hint = {
    auto:
      automatic === null
        ? t('builder.policy.limit.hint')
        : t('builder.policy.limit.hintNow', { limit: automatic }),
    number: t('builder.policy.limit.hintNumber'),
    off: t('builder.policy.limit.hintOff'),
  }[chosen];
  return (
    <>
      <div>
        <Labelled word="limit" htmlFor={id} label={t('builder.policy.limit.question')} />
        <Select
          id={id}
          description={hint}
          inputWrapperOrder={['input', 'description', 'error']}
          data={CHOICES.map((word) => ({ value: word, label: t(`builder.policy.limit.${word}`) }))}
          value={chosen}
          allowDeselect={false}
          onChange={(word) =>
            word && put(store, setPolicy(rule, 'limit', word === 'number' ? FIRST_NUMBER : word))
          }
        />
      </div>
      {typeof limit === 'number' && (
        <CountInput
          label={t('builder.policy.limit.runs')}
          value={limit}
          max={MOST}
          onChange={(value) => put(store, setPolicy(rule, 'limit', value), 'limit')}
        />
      )}
    </>
  );
}
