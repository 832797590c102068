/**
 * A field of a form with what is wrong with it, below. Words that are new appear when the field is left, never in
 * the middle of typing; what is mended goes at once.
 */
import { type ReactNode, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { ProblemNotes } from './ProblemNotes';
import { enter, inputsOf, keyOf, usePlacesStore, useProblemsAt } from './places';
import classes from './problems.module.css';
import { useBuilder } from './store';

type Props = {
  /** A pointer inside the step: `fields/to`, `logic/and/1`. */
  readonly at: string;
  /** Was it added this moment? Then nothing is wrong until it was left once. */
  readonly young?: boolean;
  readonly children: ReactNode;
};

function describe(input: HTMLElement, id: string, wrong: boolean): () => void {
  const before = input.getAttribute('aria-describedby');
  const described = [...new Set([...(before ?? '').split(' ').filter(Boolean), id])].join(' ');
  input.setAttribute('aria-describedby', described);
  if (wrong) input.setAttribute('aria-invalid', 'true');
  return () => {
    const left = (input.getAttribute('aria-describedby') ?? '').split(' ').filter((one) => one !== id);
    if (left.join('') === '') input.removeAttribute('aria-describedby');
    else input.setAttribute('aria-describedby', left.join(' '));
    if (wrong) input.removeAttribute('aria-invalid');
  };
}

/** A press on a button leaves the field before it clicks: words that come in between would move the button away. */
function afterPress(then: () => void): void {
  if (document.querySelector('body :active') === null) {
    then();
    return;
  }
  const released = new AbortController();
  const { signal } = released;
  const release = () => {
    released.abort();
    setTimeout(then);
  };
  document.addEventListener('pointerup', release, { signal });
  document.addEventListener('pointercancel', release, { signal });
}

export function Place({ at, young = false, children }: Props) {
  const places = usePlacesStore();
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const problems = useProblemsAt(at);
  const fresh = useBuilder((state) => state.fresh !== null && state.fresh === state.selected);
  const revealed = useBuilder((state) => state.revealed);
  const [left, setLeft] = useState(false);
  /** Inside the field: what was already told when it was entered. */
  const [told, setTold] = useState<{ keys: ReadonlySet<string>; revealed: number } | null>(null);
  const [born] = useState(revealed);

  const quiet = (fresh || young) && !left && revealed === born;
  const inside = told !== null && told.revealed === revealed;
  const shown = useMemo(
    () => (quiet ? [] : inside ? problems.filter((one) => told?.keys.has(keyOf(one))) : problems),
    [quiet, inside, told, problems],
  );

  useLayoutEffect(() => (root.current ? enter(places, at, root.current) : undefined), [places, at]);
  useLayoutEffect(() => {
    const place = root.current;
    if (!place || shown.length === 0) return;
    const undo = shown.flatMap((problem, index) =>
      inputsOf(place, problem.side).map((input) =>
        describe(input, `${id}-${index}`, problem.severity === 'error'),
      ),
    );
    return () => {
      for (const one of undo) one();
    };
  });

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears that the field inside was entered and left
    <div
      ref={root}
      data-place={at}
      className={classes.place}
      onFocus={(event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        setTold({ keys: new Set(shown.map(keyOf)), revealed });
      }}
      onBlur={(event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        afterPress(() => {
          if (root.current?.contains(document.activeElement)) return;
          setTold(null);
          setLeft(true);
        });
      }}
    >
      {children}
      <ProblemNotes problems={shown} id={id} />
    </div>
  );
}
