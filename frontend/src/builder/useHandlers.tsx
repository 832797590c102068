/** What the drawing calls when somebody touches it: select, open a menu, carry a step. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type Board, nodeIn } from '../canvas/board';
import { titleKey } from '../canvas/face';
import type { StepProblem } from '../model/problems';
import { AddMenu } from './AddMenu';
import { CardMenu } from './CardMenu';
import type { Commands } from './commands';
import { FreeCardMenu } from './FreeCardMenu';
import { type BuilderStore, ruleOf } from './store';
import type { useCarry } from './useCarry';

export function useHandlers(
  store: BuilderStore,
  commands: Commands,
  grab: ReturnType<typeof useCarry>['grab'],
  problemText: (problem: StepProblem) => string,
): Board['handlers'] {
  const { t } = useTranslation();
  return useMemo<Board['handlers']>(
    () => ({
      select: commands.select,
      openMenu: (slot) => store.setState({ menuAt: slot }),
      grab: (id, event) => {
        const now = ruleOf(store.getState().history.present);
        if (!now || id === now.trigger.id) return;
        const node = nodeIn(now, id);
        grab(event, {
          label: node ? t(`builder.${titleKey(node)}`, { count: 1 }) : id,
          carried: id,
          drop: (slot) => commands.move(id, slot),
        });
      },
      addMenu: (slot, close) => <AddMenu slot={slot} close={close} />,
      cardMenu: (id) =>
        ruleOf(store.getState().history.present) ? (
          <CardMenu id={id} commands={commands} />
        ) : (
          <FreeCardMenu id={id} commands={commands} />
        ),
      problemText,
    }),
    [commands, store, grab, t, problemText],
  );
}
