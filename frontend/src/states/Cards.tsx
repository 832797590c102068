/** Cards beside each other, fed by a board of their own: what is marked, painted, compared or lit stands in the samples. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { CardMenu } from '../builder/CardMenu';
import { useRoom } from '../builder/context';
import { BoardProvider, createBoard, toLookAt } from '../canvas/board';
import { StepCard } from '../canvas/StepCard';
import type { RuleNode } from '../model/rule';
import type { Words } from '../model/wording';
import { badges, lights, PAINTING, PROBLEMS } from './samples';

type Props = {
  readonly nodes: readonly RuleNode[];
  readonly words: Words;
  readonly editable?: boolean;
  readonly painted?: boolean;
};

export function Cards({ nodes, words, editable = false, painted = false }: Props) {
  const { t } = useTranslation();
  const { commands } = useRoom();
  const board = useMemo(() => {
    const seen = toLookAt(() => undefined);
    return createBoard({
      ...seen,
      opened: { kind: 'free', document: {}, nodes, edges: [], why: 'crossing' },
      words,
      selected: 'selected',
      problems: PROBLEMS,
      painting: painted ? PAINTING : null,
      badges: badges((key) => t(key)),
      lights: lights((key) => t(key)),
      editable,
      handlers: {
        ...seen.handlers,
        cardMenu: (id) => <CardMenu id={id} commands={commands} />,
        problemText: (problem) => t(`builder.problem.${problem.code}`),
      },
    });
  }, [nodes, words, editable, painted, commands, t]);
  return (
    <BoardProvider value={board}>
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 16 }}>
        {nodes.map((node) => (
          <StepCard key={node.id} id={node.id} />
        ))}
      </div>
    </BoardProvider>
  );
}
