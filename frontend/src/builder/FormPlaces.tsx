/** The form of one step: gives its places their problems, tells on top what no field holds, brings the cursor. */
import { type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { nearestPlace } from '../model/places';
import type { StepProblem } from '../model/problems';
import { FixAll, ProblemNotes } from './ProblemNotes';
import {
  createPlaces,
  firstEmpty,
  inputsOf,
  PlacesProvider,
  type PlacesStore,
  useProblemsAt,
} from './places';
import classes from './problems.module.css';
import { useBuilder, useBuilderStore } from './store';

type Props = {
  readonly step: string;
  readonly problems: readonly StepProblem[];
  readonly children: ReactNode;
};

/** What concerns the step as a whole. Nothing is wrong with a step that was added this moment: its card says so. */
function OnTop({ every }: { every: readonly StepProblem[] }) {
  const id = useId();
  const problems = useProblemsAt(null);
  const fresh = useBuilder((state) => state.fresh !== null && state.fresh === state.selected);
  if (fresh) return null;
  const groups = (['error', 'warning'] as const).map((severity) => ({
    severity,
    group: problems.filter((problem) => problem.severity === severity),
  }));
  return (
    <div className={classes.top}>
      {groups.map(
        ({ severity, group }) =>
          group.length > 0 && (
            <div
              key={severity}
              className={classes.box}
              data-on-top
              data-soft={severity === 'warning' || undefined}
              tabIndex={-1}
            >
              <ProblemNotes problems={group} id={`${id}-${severity}`} />
            </div>
          ),
      )}
      <FixAll problems={every} />
    </div>
  );
}

/** A step that was added this moment begins with the cursor in its first empty field, as soon as that is drawn. */
function useFirstEmpty(
  step: string,
  places: PlacesStore,
  form: { readonly current: HTMLElement | null },
): void {
  const fresh = useBuilder((state) => state.fresh === step);
  const drawn = useStore(places, (state) => state.drawn);
  const done = useRef(false);
  useEffect(() => {
    if (!fresh || done.current || drawn.size === 0 || !form.current) return;
    if (!form.current.contains(document.activeElement)) firstEmpty(form.current)?.focus();
    done.current = form.current.contains(document.activeElement);
  }, [fresh, drawn, form]);
}

/** Puts the cursor into the field that was asked for, as soon as the form has drawn it. */
function useFocusAt(step: string, places: PlacesStore, top: { readonly current: HTMLElement | null }): void {
  const store = useBuilderStore();
  const wanted = useBuilder((state) => (state.focusAt?.step === step ? state.focusAt : null));
  const drawn = useStore(places, (state) => state.drawn);
  useEffect(() => {
    if (!wanted) return;
    const place = nearestPlace(wanted.place, drawn.keys());
    const element = place === null ? undefined : drawn.get(place);
    const target = element
      ? inputsOf(element, wanted.side).at(-1)
      : top.current?.querySelector<HTMLElement>('[data-on-top]');
    if (!target) return;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: 'center' });
    store.setState({ focusAt: null });
  }, [wanted, drawn, store, top]);
}

export function FormPlaces({ step, problems, children }: Props) {
  const [places] = useState(createPlaces);
  const top = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => places.setState({ problems }), [places, problems]);
  useFocusAt(step, places, top);
  useFirstEmpty(step, places, top);
  return (
    <PlacesProvider value={places}>
      <div ref={top}>
        <OnTop every={problems} />
        {children}
      </div>
    </PlacesProvider>
  );
}
