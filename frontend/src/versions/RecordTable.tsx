/** A record as two versions see it: its fields that matter, before the change and after. */
import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { isObject, type JSONValue } from '../model/json';
import type { Words } from '../model/wording';
import classes from './versions.module.css';

/** A made-up record holds these where any text would do that no condition names (`OTHERS` in core/grid.py). */
const ANY_TEXT = new Map<string, 'versions.record.other' | 'versions.record.another'>([
  ['something else', 'versions.record.other'],
  ['something different', 'versions.record.another'],
]);

type Props = {
  readonly before: unknown;
  readonly after: unknown;
  readonly words: Words;
  readonly label: string;
};

export function RecordTable({ before, after, words, label }: Props) {
  const { t } = useTranslation();
  const rows = [before, after].map((row) => (isObject(row) ? row : {}));
  const [old = {}, now = {}] = rows;
  const names = [...new Set([...Object.keys(now), ...Object.keys(old)])];
  if (names.length === 0) return null;
  const earlier = Object.keys(old).length > 0;
  const value = (row: { readonly [name: string]: JSONValue }, name: string): string => {
    const found = row[name];
    const any = typeof found === 'string' ? ANY_TEXT.get(found) : undefined;
    if (any !== undefined) return t(any);
    return found === undefined ? '–' : words.value(found, `after.${name}`);
  };
  return (
    <Table
      aria-label={label}
      className={classes.record ?? ''}
      verticalSpacing={3}
      horizontalSpacing={6}
      fz={13}
      data-record
    >
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('versions.record.field')}</Table.Th>
          {earlier && <Table.Th scope="col">{t('versions.record.before')}</Table.Th>}
          <Table.Th scope="col">{t(earlier ? 'versions.record.after' : 'versions.record.value')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {names.map((name) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" fw={500}>
              {words.field(`after.${name}`)}
            </Table.Th>
            {earlier && <Table.Td>{value(old, name)}</Table.Td>}
            <Table.Td>{value(now, name)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
