/** One comparison: field, comparison, value; a lamp says whether it holds for the test record. */
import { ActionIcon, Menu, Select } from '@mantine/core';
import { IconCopyPlus, IconDots, IconFolderPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { arity, type Comparison, guarded, OPS, type Op, type Term } from '../model/condition';
import { textsAt } from '../model/json';
import { todayOf, todayPath } from '../model/today';
import classes from './condition.module.css';
import { useRoom } from './context';
import { FieldSelect } from './FieldSelect';
import { emptiable, factsOf, triggerOf } from './fields';
import { LampLine } from './lamps/LampLine';
import { opKey, opsFor } from './setup';
import { useOpened } from './store';
import { TermEditor } from './TermEditor';
import { useSuggestions } from './useSuggestions';
import { useZone, ZoneChoice } from './ZoneChoice';

type Props = {
  readonly row: Comparison;
  readonly onChange: (row: Comparison, typing?: boolean) => void;
  readonly onRemove: () => void;
  readonly onDuplicate: () => void;
  readonly onGroup: (() => void) | null;
  readonly focus: boolean;
};

/** More letters than half a row holds; those of Korean and Chinese are twice as wide. */
function long(label: string): boolean {
  return [...label].reduce((room, letter) => room + (letter > '\u2e80' ? 2 : 1), 0) > 15;
}

export function ConditionRow({ row, onChange, onRemove, onDuplicate, onGroup, focus }: Props) {
  const { t } = useTranslation();
  const { subject, words } = useRoom();
  const trigger = triggerOf(useOpened());
  const facts = factsOf(row.field, subject.tables);
  const zone = useZone();
  const today = todayOf(row.field ?? '');
  const mayBeEmpty = (path: string): boolean => emptiable(path, trigger, subject.tables);
  const put = (next: Comparison, typing = false): void => onChange(guarded(next, mayBeEmpty), typing);
  const suggestions = useSuggestions(row.field, facts);
  const ops = opsFor(facts, row.field, textsAt(trigger, 'events').includes('update'), row.op);

  const chooseField = (path: string): void => {
    const same = factsOf(path, subject.tables)?.type === facts?.type;
    const offered = opsFor(factsOf(path, subject.tables), path, true, 'is');
    const keeps = same && row.field !== null && offered.includes(row.op);
    put({ kind: 'comparison', field: path, op: keeps ? row.op : (offered[0] ?? 'is'), args: [], guards: [] });
  };
  const chooseOp = (chosen: string | null): void => {
    const op: Op | undefined = OPS.find((one) => one === chosen);
    if (!op) return;
    const many = (one: Op): boolean => one === 'oneOf' || one === 'notOneOf';
    const args = many(op) === many(row.op) ? row.args.slice(0, arity(op)) : [];
    put({ kind: 'comparison', field: row.field, op, args, guards: [] });
  };
  const setTerm = (index: number, term: Term | undefined): void => {
    const args = row.args.slice(0, index);
    if (term) args.push(term, ...row.args.slice(index + 1));
    put({ ...row, args }, true);
  };
  const count = row.field === null ? 0 : arity(row.op);

  return (
    <div className={classes.row} data-row>
      <div className={classes.rowTop} data-long={long(t(opKey(row.op, facts))) || undefined}>
        <div data-side="field">
          <FieldSelect
            asked
            value={row.field}
            onChange={chooseField}
            label={t('builder.form.field')}
            zone={today?.zone ?? zone}
            autoFocus={focus}
          />
        </div>
        <Select
          aria-label={t('builder.form.comparison')}
          data={ops.map((op) => ({ value: op, label: t(opKey(op, facts)) }))}
          value={row.op}
          disabled={row.field === null}
          rightSectionWidth={26}
          maxDropdownHeight={340}
          comboboxProps={{ width: 220, position: 'bottom-start' }}
          onChange={chooseOp}
        />
        <Menu position="bottom-end" shadow="md" width={200}>
          <Menu.Target>
            <ActionIcon size={30} aria-label={t('builder.form.rowMenu')}>
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconCopyPlus size={16} />} onClick={onDuplicate}>
              {t('builder.form.duplicateRow')}
            </Menu.Item>
            {onGroup && (
              <Menu.Item leftSection={<IconFolderPlus size={16} />} onClick={onGroup}>
                {t('builder.form.intoGroup')}
              </Menu.Item>
            )}
            <Menu.Item
              c="var(--mantine-color-error)"
              leftSection={<IconTrash size={16} />}
              onClick={onRemove}
            >
              {t('builder.form.removeRow')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      {Array.from({ length: count }, (_, index) => (
        <TermEditor
          // biome-ignore lint/suspicious/noArrayIndexKey: the first and the second value have their places
          key={index}
          facts={facts}
          term={row.args[index]}
          suggestions={suggestions}
          many={row.op === 'oneOf' || row.op === 'notOneOf'}
          label={
            index === 0
              ? t('builder.form.value')
              : t('builder.form.secondValue', { field: words.field(row.field ?? '') })
          }
          onChange={(term) => setTerm(index, term)}
        />
      ))}
      {today && (
        <ZoneChoice
          zone={today.zone}
          onChange={(chosen) => onChange({ ...row, field: todayPath({ part: today.part, zone: chosen }) })}
        />
      )}
      <LampLine condition={row} />
    </div>
  );
}
