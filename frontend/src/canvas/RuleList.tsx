/** The same rule as an indented list: plain text order, for small screens, screen readers and whoever prefers it. */
import { memo, useLayoutEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Branch, ROOT, type Rule, type Step, slotName } from '../model/rule';
import { DONE, EACH, sidesOf } from '../model/ways';
import { AddButton } from './AddButton';
import { type Board, BoardProvider, createBoard } from './board';
import { branchName } from './branchName';
import classes from './canvas.module.css';
import { StepCard } from './StepCard';

type Where = { readonly parent: string; readonly branch: Branch; readonly editable: boolean };

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
      {sidesOf(step).map((side) => {
        const name = branchName(step.node, side.branch, t);
        const inside = (
          <Sequence steps={side.steps} parent={step.node.id} branch={side.branch} editable={where.editable} />
        );
        // What is done when an action worked stands where it would without the other path.
        if (side.branch === DONE)
          return (
            <ol key={side.branch} className={classes.list}>
              {inside}
            </ol>
          );
        return (
          <div key={side.branch} className={classes.branch} data-side={side.branch}>
            <span className={classes.branchName}>{name}</span>
            <ol className={classes.list} aria-label={name}>
              {inside}
            </ol>
            {step.kind === 'split' && step.stops && (
              <span className={classes.branchEnd}>
                {t(side.branch === EACH ? 'builder.canvas.next' : 'ways.failed.stop')}
              </span>
            )}
          </div>
        );
      })}
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
