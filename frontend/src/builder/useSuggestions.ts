/** What may be meant by the value that is typed: values of sample records, and the people of this workspace. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useRecords } from '../api/builder';
import { usePeople } from '../api/people';
import type { ColumnFacts } from '../canvas/words';
import { isJSON, isObject } from '../model/json';
import { useRoom } from './context';
import { useSought } from './sought';
import { commonValues, namesPerson } from './suggestions';

export type SuggestionGroup = { readonly group: string; readonly items: readonly string[] };

export function useSuggestions(
  path: string | null,
  facts: ColumnFacts | undefined,
): readonly SuggestionGroup[] {
  const { t } = useTranslation();
  const { subject } = useRoom();
  const sought = useSought();
  const own = path !== null && /^(?:after|before|record)\./.test(path);
  const free = facts?.type === 'text' && facts.choices.length === 0;
  const { connectionId, table } = sought ?? subject;
  const records = useRecords(own && free ? connectionId : null, table, '');
  const people = usePeople(free && namesPerson(facts.name));
  const name = facts?.name ?? '';
  return useMemo(() => {
    const values = (records.data?.items ?? []).map(({ record }) => {
      const value = isObject(record) ? record[name] : undefined;
      return isJSON(value) ? value : undefined;
    });
    const common = free ? commonValues(values) : [];
    const emails = (people.data?.items ?? []).map((one) => one.email).filter((one) => !common.includes(one));
    return [
      { group: t('lamps.suggest.common'), items: common },
      { group: t('lamps.suggest.people'), items: emails },
    ].filter((group) => group.items.length > 0);
  }, [records.data, people.data, name, free, t]);
}
