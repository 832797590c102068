/** The condition of an If: a group of comparisons and groups, two deep at most; the rest is kept as it is. */
import { ActionIcon, Button, Group as Row, Select, Stack, Text } from '@mantine/core';
import { IconCode, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Condition, changeAt, EMPTY, type Group, type Mode, toLogic } from '../model/condition';
import { conditionWords } from '../model/conditionWords';
import type { JSONValue } from '../model/json';
import { placesOf } from '../model/places';
import { toGroup } from '../model/recognise';
import type { RuleNode } from '../model/rule';
import { stopped } from '../model/sentence';
import { ConditionRow } from './ConditionRow';
import classes from './condition.module.css';
import { useRoom } from './context';
import { LampLine, LampMark, LampVerdict } from './lamps/LampLine';
import { Place } from './Place';
import panel from './panel.module.css';
import { changeNode, useBuilder, useBuilderStore } from './store';

const MODES: readonly Mode[] = ['all', 'any', 'none', 'notall'];
const DEEPEST = 2;

type Edit = {
  readonly change: (
    at: readonly number[],
    to: (part: Condition) => Condition | null,
    typing?: boolean,
  ) => void;
  readonly added: string | null;
  readonly setAdded: (at: string | null) => void;
  /** Where each row and group is written. */
  readonly places: ReadonlyMap<string, string>;
  /** Where the whole condition is written. */
  readonly base: string;
};

function AdvancedRow({ logic, onRemove }: { logic: JSONValue; onRemove: () => void }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  return (
    <div className={classes.row}>
      <Row gap="xs" wrap="nowrap">
        <IconCode size={18} aria-hidden />
        <Text size="sm" flex={1}>
          {t('builder.form.advanced')}
        </Text>
        <Button size="compact-sm" variant="default" onClick={() => store.setState({ tab: 'json' })}>
          {t('builder.form.editJson')}
        </Button>
        <ActionIcon size={30} aria-label={t('builder.form.removeRow')} onClick={onRemove}>
          <IconTrash size={16} />
        </ActionIcon>
      </Row>
      <Text size="xs" c="dimmed" mt={6} ff="monospace" lineClamp={3} style={{ overflowWrap: 'anywhere' }}>
        {JSON.stringify(logic)}
      </Text>
      <LampLine condition={{ kind: 'advanced', logic }} />
    </div>
  );
}

function GroupEditor({ group, at, edit }: { group: Group; at: readonly number[]; edit: Edit }) {
  const { t } = useTranslation();
  const joint = group.mode === 'any' || group.mode === 'none' ? t('builder.form.or') : t('builder.form.and');
  const nested = at.length > 0;
  const add = (item: Condition): void => {
    edit.setAdded([...at, group.items.length].join('.'));
    edit.change(at, (part) => (part.kind === 'group' ? { ...part, items: [...part.items, item] } : part));
  };
  return (
    <div className={nested ? classes.group : undefined} data-group={at.join('.') || 'root'}>
      {(nested || group.items.length > 1 || group.mode !== 'all') && (
        <Row gap={6} mb="xs" wrap="nowrap">
          {nested && <LampMark condition={group} />}
          <Select
            flex={1}
            size="sm"
            variant="filled"
            aria-label={t('builder.form.mode')}
            data={MODES.map((mode) => ({ value: mode, label: t(`builder.mode.${mode}`) }))}
            value={group.mode}
            onChange={(chosen) => {
              const mode = MODES.find((one) => one === chosen);
              if (mode) edit.change(at, (part) => (part.kind === 'group' ? { ...part, mode } : part));
            }}
          />
          {nested && (
            <ActionIcon
              aria-label={t('builder.form.removeGroup')}
              onClick={() => edit.change(at, () => null)}
            >
              <IconTrash size={17} />
            </ActionIcon>
          )}
        </Row>
      )}
      {group.items.map((item, index) => {
        const place = [...at, index];
        return (
          <div key={place.join('.')}>
            {index > 0 && (
              <div className={classes.joint}>
                <span>{joint}</span>
              </div>
            )}
            <Place
              at={edit.places.get(place.join('.')) ?? `${edit.base}?${place.join('.')}`}
              young={edit.added === place.join('.')}
            >
              <Part item={item} at={place} edit={edit} parent={group} />
            </Place>
          </div>
        );
      })}
      <Row gap={4} mt="xs">
        <Button
          size="compact-md"
          variant="light"
          leftSection={<IconPlus size={15} />}
          onClick={() => add(EMPTY)}
        >
          {t('builder.form.addCondition')}
        </Button>
        {at.length < DEEPEST && (
          <Button
            size="compact-md"
            variant="subtle"
            color="gray"
            c="var(--mantine-color-text)"
            onClick={() => add({ kind: 'group', mode: group.mode === 'any' ? 'all' : 'any', items: [EMPTY] })}
          >
            {t('builder.form.addGroup')}
          </Button>
        )}
      </Row>
    </div>
  );
}

function Part({
  item,
  at,
  edit,
  parent,
}: {
  item: Condition;
  at: readonly number[];
  edit: Edit;
  parent: Group;
}) {
  const remove = (): void => edit.change(at, () => null);
  const index = at.at(-1) ?? 0;
  if (item.kind === 'advanced') return <AdvancedRow logic={item.logic} onRemove={remove} />;
  if (item.kind === 'group') {
    // Deeper than two groups nobody can read: shown as it is written.
    return at.length > DEEPEST ? (
      <AdvancedRow logic={toLogic(item)} onRemove={remove} />
    ) : (
      <GroupEditor group={item} at={at} edit={edit} />
    );
  }
  return (
    <ConditionRow
      row={item}
      focus={edit.added === at.join('.')}
      onChange={(row, typing) => edit.change(at, () => row, typing)}
      onRemove={remove}
      onDuplicate={() =>
        edit.change(at.slice(0, -1), (part) =>
          part.kind === 'group' ? { ...part, items: part.items.toSpliced(index + 1, 0, item) } : part,
        )
      }
      onGroup={
        at.length > DEEPEST
          ? null
          : () =>
              edit.change(at, (part) => ({
                kind: 'group',
                mode: parent.mode === 'any' ? 'all' : 'any',
                items: [part, EMPTY],
              }))
      }
    />
  );
}

type EditorProps = {
  readonly logic: JSONValue;
  /** Where it is written in its step: `logic`, `ways/0/logic`. */
  readonly base: string;
  readonly fresh: boolean;
  readonly onChange: (logic: JSONValue, typing: boolean) => void;
};

/** One condition: its rows and groups. */
export function ConditionEditor({ logic, base, fresh, onChange }: EditorProps) {
  const [added, setAdded] = useState<string | null>(null);
  const root = toGroup(logic);
  const change: Edit['change'] = (at, to, typing = false) => {
    const next = changeAt(root, at, to);
    if (next === null) return;
    // A change to a rule that holds a single comparison keeps it single.
    const [only] = next.kind === 'group' ? next.items : [];
    const single =
      next.kind === 'group' && next.mode === 'all' && next.items.length === 1 && !isGroupLogic(logic);
    onChange(toLogic(single && only ? only : next), typing);
  };
  const places = placesOf(logic, base);
  return (
    <GroupEditor
      group={root}
      at={[]}
      edit={{ change, added: fresh && added === null ? '0' : added, setAdded, places, base }}
    />
  );
}

export function ConditionForm({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
  const { words } = useRoom();
  const store = useBuilderStore();
  const fresh = useBuilder((state) => state.fresh === node.id);
  const logic = node['logic'] ?? null;
  const root = toGroup(logic);
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t('builder.condition.explain')}
      </Text>
      <ConditionEditor
        logic={logic}
        base="logic"
        fresh={fresh}
        onChange={(written, typing) =>
          changeNode(
            store,
            node.id,
            (old) => ({ ...old, logic: written }),
            typing ? `${node.id}.logic` : undefined,
          )
        }
      />
      <div className={panel.quiet}>
        <Text size="xs" c="dimmed" fw={600} mb={2}>
          {t('builder.condition.inWords')}
        </Text>
        {stopped(t('builder.condition.ifWords', { condition: conditionWords(root, words) }))}
        <LampVerdict condition={root} />
      </div>
    </Stack>
  );
}

function isGroupLogic(logic: JSONValue): boolean {
  const tree = toGroup(logic);
  return JSON.stringify(toLogic(tree)) === JSON.stringify(logic);
}
