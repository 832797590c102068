/** The same rule as an indented list: plain text order, for small screens, screen readers and whoever prefers it. */
import { memo, useLayoutEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ROOT, type Rule, type Step, slotName } from '../model/rule';
import { AddButton } from './AddButton';
import { type Board, BoardProvider, createBoard } from './board';
import classes from './canvas.module.css';
import { StepCard } from './StepCard';

type Where = { readonly parent: string; readonly branch: 'main' | 'yes' | 'no'; readonly editable: boolean };

function Gap({ parent, branch, index, editable }: Where & { index: number }) {
  return (
    <div className={classes.gap}>{editable && <AddButton name={slotName({ parent, branch, index })} />}</div>
  );
}

/** A step with the + below it. An edit elsewhere leaves the step the same value, and this as it is. */
const Item = memo(function Item({ step, index, ...where }: Where & { step: Step; index: number }) {
  const { t } = useTranslation();
  return (
    <li>
      <StepCard id={step.node.id} list />
      {step.kind === 'if' &&
        (['yes', 'no'] as const).map((side) => (
          <div key={side} className={classes.branch}>
            <span className={classes.branchName}>{t(`builder.branch.${side}`)}</span>
            <ol className={classes.list} aria-label={t(`builder.branch.${side}`)}>
              <Sequence steps={step[side]} parent={step.node.id} branch={side} editable={where.editable} />
            </ol>
          </div>
        ))}
      <Gap {...where} index={index + 1} />
    </li>
  );
});

function Sequence({ steps, ...where }: Where & { steps: readonly Step[] }) {
  return (
    <>
      <li>
        <Gap {...where} index={0} />
      </li>
      {steps.map((step, index) => (
        <Item key={step.node.id} step={step} index={index} {...where} />
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
