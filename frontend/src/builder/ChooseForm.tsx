/** The ways of a choose in the order in which they are asked: name, condition and lamp of each; and what is left. */
import { ActionIcon, Button, Stack, Text, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconGripVertical, IconPlus, IconTrash } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { branchName } from '../canvas/branchName';
import { conditionWords } from '../model/conditionWords';
import { toGroup } from '../model/recognise';
import type { RuleNode } from '../model/rule';
import { addWay, moveWay, OTHERWISE, renameWay, setWayLogic, type WayNode, waysIn } from '../model/ways';
import { ConditionEditor } from './ConditionForm';
import { useRoom } from './context';
import { LampMark } from './lamps/LampLine';
import { Place } from './Place';
import { announce, changeNode, endTyping, useBuilder, useBuilderStore } from './store';
import { useReorder } from './useReorder';
import classes from './ways.module.css';

const MOST = 20;
/** Characters. Source: docs/rule-format.md. */
const LONGEST = 80;

type WayProps = {
  readonly node: RuleNode;
  readonly way: WayNode;
  readonly index: number;
  readonly count: number;
  readonly opened: boolean;
  readonly carried: boolean;
  readonly onOpen: () => void;
  readonly onMove: (index: number) => void;
  readonly onRemove: () => void;
  readonly grab: (event: React.PointerEvent<HTMLElement>) => void;
};

function OneWay(props: WayProps) {
  const { node, way, index, count, opened, carried, onOpen, onMove, onRemove, grab } = props;
  const { t } = useTranslation();
  const { words } = useRoom();
  const store = useBuilderStore();
  const fresh = useBuilder((state) => state.fresh === node.id);
  const name = branchName(node, way.key, t);
  const condition = toGroup(way.logic);
  return (
    <li
      className={classes.way}
      data-reorder
      data-way={way.key}
      data-carried={carried || undefined}
      aria-label={name}
    >
      <Place at={`ways/${index}`}>
        <div className={classes.head}>
          <button
            type="button"
            className={classes.grip}
            aria-label={t('ways.drag', { way: name })}
            onPointerDown={grab}
            onKeyDown={(event) => {
              if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
              event.preventDefault();
              event.stopPropagation();
              onMove(event.key === 'ArrowUp' ? index - 1 : index + 2);
            }}
          >
            <IconGripVertical size={16} aria-hidden />
          </button>
          <TextInput
            flex={1}
            size="sm"
            aria-label={t('ways.name', { number: index + 1 })}
            placeholder={t('ways.placeholder')}
            maxLength={LONGEST}
            value={way.name}
            onBlur={() => endTyping(store)}
            onChange={(event) => {
              const typed = event.currentTarget.value;
              changeNode(
                store,
                node.id,
                (old) => renameWay(old, way.key, typed),
                `${node.id}.${way.key}.name`,
              );
            }}
          />
          <LampMark condition={condition} />
          <ActionIcon
            size={30}
            aria-label={t('ways.up', { way: name })}
            disabled={index === 0}
            onClick={() => onMove(index - 1)}
          >
            <IconArrowUp size={16} />
          </ActionIcon>
          <ActionIcon
            size={30}
            aria-label={t('ways.down', { way: name })}
            disabled={index === count - 1}
            onClick={() => onMove(index + 2)}
          >
            <IconArrowDown size={16} />
          </ActionIcon>
          <ActionIcon
            size={30}
            aria-label={t('ways.remove', { way: name })}
            disabled={count === 1}
            onClick={onRemove}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </div>
        <button
          type="button"
          className={classes.words}
          aria-expanded={opened}
          aria-label={t('ways.open', { way: name })}
          onClick={onOpen}
        >
          {t('builder.condition.ifWords', { condition: conditionWords(condition, words) })}
        </button>
        {opened && (
          <div className={classes.editor}>
            <ConditionEditor
              logic={way.logic}
              base={`ways/${index}/logic`}
              fresh={fresh && index === 0}
              onChange={(written, typing) =>
                changeNode(
                  store,
                  node.id,
                  (old) => setWayLogic(old, way.key, written),
                  typing ? `${node.id}.${way.key}.logic` : undefined,
                )
              }
            />
          </div>
        )}
      </Place>
    </li>
  );
}

export function ChooseForm({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { commands } = useRoom();
  const ways = waysIn(node);
  const [open, setOpen] = useState<string | null>(ways[0]?.key ?? null);
  // Whoever is led to a place inside a way finds it opened.
  const wanted = useBuilder((state) => (state.focusAt?.step === node.id ? state.focusAt.place : ''));
  useEffect(() => {
    const at = /^ways\/(\d+)\//.exec(wanted)?.[1];
    const key = at === undefined ? undefined : waysIn(node)[Number(at)]?.key;
    if (key !== undefined) setOpen(key);
  }, [wanted, node]);
  const move = (key: string, index: number): void => {
    if (index < 0 || index > ways.length) return;
    const name = branchName(node, key, t);
    changeNode(store, node.id, (old) => moveWay(old, key, index));
    const from = ways.findIndex((way) => way.key === key);
    const number = (index > from ? index - 1 : index) + 1;
    announce(store, t('ways.said.moved', { way: name, number, count: ways.length }));
  };
  const add = (): void => {
    const fresh = addWay(node);
    const key = waysIn(fresh).at(-1)?.key ?? null;
    changeNode(store, node.id, addWay);
    setOpen(key);
    const number = ways.length + 1;
    announce(store, t('ways.said.added', { way: t('ways.number', { number }), number, count: number }));
  };
  const { carried, grab } = useReorder(move);
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t('ways.explain')}
      </Text>
      <Place at="ways">
        <Stack component="ul" gap="xs" className={classes.list ?? ''} aria-label={t('ways.list')}>
          {ways.map((way, index) => (
            <OneWay
              key={way.key}
              node={node}
              way={way}
              index={index}
              count={ways.length}
              opened={open === way.key}
              carried={carried === way.key}
              onOpen={() => setOpen(open === way.key ? null : way.key)}
              onMove={(to) => move(way.key, to)}
              onRemove={() => commands.removeWay(node.id, way.key, branchName(node, way.key, t))}
              grab={grab(way.key)}
            />
          ))}
        </Stack>
      </Place>
      <Button
        size="compact-md"
        variant="light"
        leftSection={<IconPlus size={15} />}
        disabled={ways.length >= MOST}
        onClick={add}
        style={{ alignSelf: 'flex-start' }}
      >
        {t('ways.add')}
      </Button>
      <div className={classes.rest}>
        <Text size="sm" fw={600}>
          {branchName(node, OTHERWISE, t)}
        </Text>
        <Text size="sm" c="dimmed">
          {t('ways.remainder')}
        </Text>
      </div>
    </Stack>
  );
}
