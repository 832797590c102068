/** Behind the typed text: the same letters, with the fields drawn as pills. */
import type { Ref } from 'react';
import { pieces, pill } from '../model/template';
import classes from './pills.module.css';

type Props = {
  readonly ref: Ref<HTMLDivElement>;
  readonly text: string;
  readonly lines: number;
  readonly known: (path: string) => boolean;
};

export function PillBack({ ref, text, lines, known }: Props) {
  return (
    <div
      ref={ref}
      className={classes.pillBack}
      aria-hidden
      style={{
        // One line scrolls sideways between the box's edge and its button, as the letters do.
        ...(lines > 1 ? { padding: '6px 40px 6px 12px' } : { left: 13, right: 41 }),
        lineHeight: lines > 1 ? 1.55 : '34px',
        fontSize: 14,
        whiteSpace: lines > 1 ? 'pre-wrap' : 'pre',
      }}
    >
      {pieces(text).map((piece, index) =>
        piece.kind === 'text' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a text have only their place
          <span key={index}>{piece.text}</span>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a text have only their place
          <mark key={index} data-unknown={known(piece.path) ? undefined : true}>
            {pill(piece.path)}
          </mark>
        ),
      )}
    </div>
  );
}
