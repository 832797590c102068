/** Where the ways out of a step lead, in a graph whose ways cross: a list of the steps that make no circle, and the end. */
import { Select, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { branchName } from '../canvas/branchName';
import { faceOf } from '../canvas/face';
import { type Door, goesTo, mayEdit, targetsOf } from '../model/free';
import type { Free } from '../model/graph';
import type { RuleNode } from '../model/rule';
import { branchesOf, FAILED } from '../model/ways';
import { useRoom } from './context';
import { Place } from './Place';
import classes from './steps.module.css';
import { useOpened } from './store';

/** No step has this id. */
const END = ':end';

function WayOut({ free, node: from, door }: { free: Free; node: RuleNode; door: Door }) {
  const { t } = useTranslation();
  const { commands, words } = useRoom();
  const say = (key: string, values?: Record<string, unknown>): string => t(key, values ?? {});
  const label = (node: RuleNode): string => {
    const { title, text } = faceOf(node, words, say);
    return text === '' ? title : `${title}${t('look.colon')}${text}`;
  };
  const data = [
    ...targetsOf(free, door).map((node) => ({ value: node.id, label: label(node) })),
    { value: END, label: t('steps.free.end') },
  ];
  const question =
    door.branch === null
      ? t('steps.free.goesTo')
      : door.branch === 'yes' || door.branch === 'no'
        ? t(door.branch === 'yes' ? 'steps.free.yesGoesTo' : 'steps.free.noGoesTo')
        : door.branch === FAILED && from.kind === 'action'
          ? t('ways.failed.title')
          : t('ways.goesTo', { way: branchName(from, door.branch, t) });
  return (
    <Place at={`way/${door.branch ?? 'next'}`}>
      <Select
        label={question}
        searchable
        // What is typed takes the place of the step that is named there.
        onFocus={(event) => event.currentTarget.select()}
        allowDeselect={false}
        data={data}
        value={goesTo(free, door) ?? END}
        nothingFoundMessage={t('steps.free.nothing')}
        onChange={(chosen) => chosen !== null && commands.redirect(door, chosen === END ? null : chosen)}
      />
    </Place>
  );
}

export function WaysOut({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
  const { stepTitle, words } = useRoom();
  const opened = useOpened();
  if (opened.kind !== 'free' || !mayEdit(opened)) return null;
  const sources = opened.edges
    .filter((edge) => edge.target === node.id)
    .map((edge) => stepTitle(edge.source));
  const from =
    sources.length > 0
      ? t('steps.free.comesFrom', { steps: words.list([...new Set(sources)], 'and') })
      : t('steps.free.never');
  return (
    <Stack gap="sm" className={classes.ways ?? ''}>
      <h3 className={classes.heading}>{t('steps.free.ways')}</h3>
      {branchesOf(node).map((branch) => (
        <WayOut key={branch ?? 'next'} free={opened} node={node} door={{ id: node.id, branch }} />
      ))}
      {node.kind !== 'trigger' && (
        <Text size="sm" c="dimmed">
          {from}
        </Text>
      )}
    </Stack>
  );
}
