/** The columns of a report in their order: which field of a row, and what stands above it. Moved by pointer or by key. */
import { ActionIcon, Button, Group, Text, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconGripVertical, IconPlus, IconTrash } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ColumnFacts } from '../canvas/words';
import { isList, isObject, type JSONObject, listAt, textAt } from '../model/json';
import { humanise } from '../model/names';
import { headed, readFrom } from '../model/reportColumns';
import { ColumnKey } from './ColumnKey';
import { Place } from './Place';
import { announce, endTyping, useBuilderStore } from './store';
import type { FieldsProps } from './TextField';
import { useReorder } from './useReorder';
import { AdvancedValue } from './ValueField';
import classes from './ways.module.css';

type Part = 'grip' | 'key' | 'up' | 'down';
const PARTS: Readonly<Record<Part, string>> = {
  grip: '[data-grip]',
  key: '[data-key] input',
  up: '[data-up]:not(:disabled)',
  down: '[data-down]:not(:disabled)',
};

type Props = FieldsProps & { readonly known: readonly ColumnFacts[] };

export function ReportColumns({ node, fields, set, known }: Props) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const columns = listAt(fields, 'columns').filter(isObject);
  const [focus, setFocus] = useState<{ readonly column: number; readonly part: Part } | null>(null);
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (focus === null) return;
    const row = list.current?.querySelector(`[data-column="${focus.column}"]`);
    const part = row?.querySelector<HTMLElement>(PARTS[focus.part]);
    (part ?? row?.querySelector<HTMLElement>(PARTS.grip))?.focus();
    setFocus(null);
  }, [focus]);
  const put = (next: readonly JSONObject[], typing = false): void =>
    set('columns', next.length === 0 ? undefined : next, typing);
  const nameOf = (index: number): string => {
    const column = columns[index] ?? {};
    return textAt(column, 'label') || labelOf(textAt(column, 'key')) || String(index + 1);
  };
  const labelOf = (key: string): string =>
    known.find((column) => column.name === key)?.label ?? humanise(key);
  const move = (from: number, to: number, part?: Part): void => {
    const target = to > from ? to - 1 : to;
    if (target < 0 || target >= columns.length || target === from) return;
    const next = columns.filter((_, index) => index !== from);
    next.splice(target, 0, columns[from] ?? {});
    put(next);
    // A column is its place: the keyboard goes along with what it moves.
    if (part) setFocus({ column: target, part });
    announce(
      store,
      t('reports.form.moved', { column: nameOf(from), number: target + 1, count: columns.length }),
    );
  };
  const { carried, grab } = useReorder((key, index) => move(Number(key), index));
  const change = (index: number, edit: (column: JSONObject) => JSONObject): void =>
    put(
      columns.map((column, at) => (at === index ? edit(column) : column)),
      true,
    );
  // A column is its place: two may read the same field.
  const places = columns.map((column, index) => ({ column, index, id: String(index) }));
  const unused = known.filter((column) => !columns.some((one) => one['key'] === column.name));
  const add = (): void => {
    const next = unused[0];
    put([...columns, next ? { key: next.name, label: next.label } : { key: '' }]);
    setFocus({ column: columns.length, part: 'key' });
  };
  const raw = fields['columns'];
  if (raw !== undefined && (!isList(raw) || columns.length < raw.length))
    return (
      <Place at="fields/columns">
        <Text size="sm" fw={600} mb={4}>
          {t('builder.do.make_report.columns')}
        </Text>
        <AdvancedValue value={raw} />
      </Place>
    );
  return (
    <Place at="fields/columns">
      <Text size="sm" fw={600} id={`${node.id}-columns`}>
        {t('builder.do.make_report.columns')}
      </Text>
      <Text size="xs" c="dimmed" mb={6}>
        {t(columns.length === 0 ? 'reports.form.allColumns' : 'reports.form.columnsHint')}
      </Text>
      <ol className={`${classes.list} ${classes.apart}`} aria-labelledby={`${node.id}-columns`} ref={list}>
        {places.map(({ column, index, id }) => (
          <li
            key={id}
            className={`${classes.way} ${classes.holds}`}
            data-reorder
            data-carried={carried === String(index) || undefined}
            data-column={index}
          >
            <Place at={`fields/columns/${index}`}>
              <div className={classes.column}>
                <button
                  type="button"
                  className={classes.grip}
                  data-grip
                  aria-label={t('reports.form.drag', { column: nameOf(index) })}
                  onPointerDown={grab(String(index))}
                  onKeyDown={(event) => {
                    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
                    event.preventDefault();
                    event.stopPropagation();
                    move(index, event.key === 'ArrowUp' ? index - 1 : index + 2, 'grip');
                  }}
                >
                  <IconGripVertical size={16} aria-hidden />
                </button>
                <div data-key>
                  <ColumnKey
                    label={t('reports.form.key', { number: index + 1 })}
                    known={known}
                    value={textAt(column, 'key')}
                    onLeave={() => endTyping(store)}
                    onChange={(key) => change(index, (old) => readFrom(old, key, labelOf))}
                  />
                </div>
                <TextInput
                  className={classes.label ?? ''}
                  size="sm"
                  aria-label={t('reports.form.label', { number: index + 1 })}
                  placeholder={labelOf(textAt(column, 'key')) || t('reports.form.labelPlaceholder')}
                  maxLength={200}
                  value={textAt(column, 'label')}
                  onBlur={() => endTyping(store)}
                  onChange={({ currentTarget: { value } }) => change(index, (old) => headed(old, value))}
                />
                <ActionIcon
                  size={30}
                  aria-label={t('reports.form.up', { column: nameOf(index) })}
                  disabled={index === 0}
                  data-up
                  onClick={() => move(index, index - 1, 'up')}
                >
                  <IconArrowUp size={16} />
                </ActionIcon>
                <ActionIcon
                  size={30}
                  aria-label={t('reports.form.down', { column: nameOf(index) })}
                  disabled={index === columns.length - 1}
                  data-down
                  onClick={() => move(index, index + 2, 'down')}
                >
                  <IconArrowDown size={16} />
                </ActionIcon>
                <ActionIcon
                  size={30}
                  aria-label={t('reports.form.remove', { column: nameOf(index) })}
                  onClick={() => put(columns.filter((_, at) => at !== index))}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </div>
            </Place>
          </li>
        ))}
      </ol>
      <Group gap={6} mt={6}>
        <Button size="compact-sm" variant="default" leftSection={<IconPlus size={14} />} onClick={add}>
          {t('reports.form.addColumn')}
        </Button>
        {columns.length === 0 && known.length > 0 && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => put(known.map((one) => ({ key: one.name, label: one.label })))}
          >
            {t('reports.form.takeAll')}
          </Button>
        )}
      </Group>
    </Place>
  );
}
