/** The same rule as an indented list: plain text order, for small screens, screen readers and whoever prefers it. */
import { useLayoutEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ROOT, type Rule, type Step, slotName } from '../model/rule';
import { AddButton } from './AddButton';
import { type Board, BoardProvider, createBoard } from './board';
import classes from './canvas.module.css';
import { StepCard } from './StepCard';

function Gap({
  parent,
  branch,
  index,
  editable,
}: {
  parent: string;
  branch: 'main' | 'yes' | 'no';
  index: number;
  editable: boolean;
}) {
  return (
    <div className={classes.gap}>{editable && <AddButton name={slotName({ parent, branch, index })} />}</div>
  );
}

function Sequence({
  steps,
  parent,
  branch,
  editable,
}: {
  steps: readonly Step[];
  parent: string;
  branch: 'main' | 'yes' | 'no';
  editable: boolean;
}) {
  const { t } = useTranslation();
  return (
    <>
      <li>
        <Gap parent={parent} branch={branch} index={0} editable={editable} />
      </li>
      {steps.map((step, index) => (
        <li key={step.node.id}>
          <StepCard id={step.node.id} list />
          {step.kind === 'if' &&
            (['yes', 'no'] as const).map((side) => (
              <div key={side} className={classes.branch}>
                <span className={classes.branchName}>{t(`builder.branch.${side}`)}</span>
                <ol className={classes.list} aria-label={t(`builder.branch.${side}`)}>
                  <Sequence steps={step[side]} parent={step.node.id} branch={side} editable={editable} />
                </ol>
              </div>
            ))}
          <Gap parent={parent} branch={branch} index={index + 1} editable={editable} />
        </li>
      ))}
    </>
  );
}

export function RuleList(board: Board & { readonly rule: Rule; readonly label: string }) {
  const [store] = useState(() => createBoard(board));
  useLayoutEffect(() => store.setState(board));
  return (
    <BoardProvider value={store}>
      <ol className={classes.list} aria-label={board.label} data-rule-list>
        <li>
          <StepCard id={board.rule.trigger.id} list />
        </li>
        <Sequence steps={board.rule.steps} parent={ROOT} branch="main" editable={board.editable} />
      </ol>
    </BoardProvider>
  );
}
