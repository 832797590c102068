/** A graph whose ways cross as a list: each step after those that lead to it, and in words where it goes. */
import { useLayoutEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { doorsIn, goesTo, readingOrder, slotOf } from '../model/free';
import type { Free } from '../model/graph';
import { type RuleNode, slotName } from '../model/rule';
import { FAILED } from '../model/ways';
import { AddButton } from './AddButton';
import { type Board, BoardProvider, createBoard, nodeIn, useBoard } from './board';
import { branchName } from './branchName';
import classes from './canvas.module.css';
import { faceOf } from './face';
import { StepCard } from './StepCard';

const GOES = { yes: 'yesGoesTo', no: 'noGoesTo', next: 'goesTo' } as const;

function Ways({ free, node, editable }: { free: Free; node: RuleNode; editable: boolean }) {
  const { t } = useTranslation();
  const words = useBoard((board) => board.words);
  const name = (id: string | null): string => {
    const target = id === null ? undefined : nodeIn(free, id);
    if (!target) return t('steps.free.end');
    const { title, text } = faceOf(target, words, (key, values) => t(key, values ?? {}));
    return text === '' ? title : `${title}${t('look.colon')}${text}`;
  };
  return doorsIn(free, node).map((door) => (
    <div key={door.branch ?? 'next'} className={classes.way} data-way={slotName(slotOf(door))}>
      {editable && <AddButton name={slotName(slotOf(door))} />}
      <span>
        {door.branch === null || door.branch === 'yes' || door.branch === 'no'
          ? t(`steps.free.${GOES[door.branch ?? 'next']}`)
          : door.branch === FAILED && node.kind === 'action'
            ? t('ways.failed.title')
            : t('ways.goesTo', { way: branchName(node, door.branch, t) })}
        {t('look.colon')}
        <b>{name(goesTo(free, door))}</b>
      </span>
    </div>
  ));
}

export function FreeList(board: Board & { readonly free: Free; readonly label: string }) {
  const [store] = useState(() => createBoard(board));
  useLayoutEffect(() => store.setState(board));
  const { free, editable } = board;
  return (
    <BoardProvider value={store}>
      <ol className={classes.list} aria-label={board.label} data-rule-list>
        {readingOrder(free).map((node) => (
          <li key={node.id}>
            <StepCard id={node.id} list />
            <Ways free={free} node={node} editable={editable} />
          </li>
        ))}
      </ol>
    </BoardProvider>
  );
}
