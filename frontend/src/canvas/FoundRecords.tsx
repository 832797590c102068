/** What a search asked, and the first of what it found. */
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { SOUGHT } from '../model/finding';
import { isJSON, isObject, type JSONObject, listAt, objectAt, textAt } from '../model/json';
import type { Words } from '../model/wording';
import { askedStory } from './story';
import { shown } from './words';

const MOST_RECORDS = 3;
const MOST_FIELDS = 4;
const LONGEST = 60;

type Props = { readonly input: unknown; readonly output: unknown; readonly words: Words };

export function FoundRecords({ input, output, words }: Props) {
  const { t } = useTranslation();
  const table = isObject(input) ? textAt(input, 'table') : '';
  const found: JSONObject = isObject(output) ? output : {};
  const records = [found['record'], ...listAt(found, 'records')].filter(isObject).slice(0, MOST_RECORDS);
  const totals = Object.entries(objectAt(found, 'totals'));
  return (
    <>
      <Text size="sm" c="dimmed">
        {askedStory(input, words, (key, values) => t(key, values ?? {}))}
      </Text>
      {totals.length > 0 && (
        <Text size="sm">
          {totals
            .map(
              ([name, value]) =>
                `${name}${t('look.colon')} ${words.value(isJSON(value) ? value : null, null)}`,
            )
            .join(' · ')}
        </Text>
      )}
      {records.map((record, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: records of one answer, in its order
        <Text key={index} size="sm" lineClamp={2}>
          {fields(record)
            .map(
              ([name, value]) =>
                `${words.field(`${SOUGHT}${name}`, table)}${t('look.colon')} ${short(value)}`,
            )
            .join(' · ')}
        </Text>
      ))}
    </>
  );
}

/** The first fields that hold something. */
function fields(record: JSONObject): readonly (readonly [string, unknown])[] {
  return Object.entries(record)
    .filter(([, value]) => value !== null && value !== '')
    .slice(0, MOST_FIELDS);
}

function short(value: unknown): string {
  const text = shown(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
