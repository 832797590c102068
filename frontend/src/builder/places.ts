/** Which places of a step the open form has, and which problems each of them shows. */
import { createContext, useContext } from 'react';
import { createStore, type StoreApi, useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { nearestPlace } from '../model/places';
import type { StepProblem } from '../model/problems';

export type Places = {
  readonly problems: readonly StepProblem[];
  /** Drawn places and their elements. */
  readonly drawn: ReadonlyMap<string, HTMLElement>;
};

export type PlacesStore = StoreApi<Places>;

export function createPlaces(): PlacesStore {
  return createStore<Places>(() => ({ problems: [], drawn: new Map() }));
}

const PlacesContext = createContext<PlacesStore | null>(null);
export const PlacesProvider = PlacesContext.Provider;

export function usePlacesStore(): PlacesStore {
  const store = useContext(PlacesContext);
  if (!store) throw new Error('A place was drawn outside a form');
  return store;
}

const NONE: readonly StepProblem[] = [];

function at(places: Places, place: string | null): readonly StepProblem[] {
  if (places.problems.length === 0) return NONE;
  const names = [...places.drawn.keys()];
  return places.problems.filter((one) => nearestPlace(one.place, names) === place);
}

/** The problems whose nearest drawn place is this one; null: those that no place of the form holds. */
export function useProblemsAt(place: string | null): readonly StepProblem[] {
  return useStore(
    usePlacesStore(),
    useShallow((places: Places) => at(places, place)),
  );
}

export function enter(store: PlacesStore, place: string, element: HTMLElement): () => void {
  store.setState(({ drawn }) => ({ drawn: new Map(drawn).set(place, element) }));
  return () =>
    store.setState(({ drawn }) => {
      if (drawn.get(place) !== element) return {};
      const left = new Map(drawn);
      left.delete(place);
      return { drawn: left };
    });
}

export const keyOf = (problem: StepProblem): string =>
  [problem.step, problem.place, problem.code, problem.args['rule_id'], problem.args['branch']].join(' ');

const INPUT = 'input:not([type="hidden"]), textarea, [role="combobox"], button[aria-haspopup="dialog"]';

/** The inputs of a place that are not those of a place inside it; of one side of a comparison where it has sides. */
export function inputsOf(place: HTMLElement, side: 'field' | 'value' | null): HTMLElement[] {
  const own = [...place.querySelectorAll<HTMLElement>(INPUT)].filter(
    (input) => input.closest('[data-place]') === place,
  );
  const wanted = own.filter((input) => input.closest('[data-side]')?.getAttribute('data-side') === side);
  return side !== null && wanted.length > 0 ? wanted : own;
}

/** The first field of a form that waits to be filled in. */
export function firstEmpty(form: HTMLElement): HTMLElement | undefined {
  const fields = form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
    '[data-place] :is(input:not([type="hidden"], [type="checkbox"], [type="radio"]), textarea)',
  );
  return [...fields].find((field) => !field.disabled && field.value === '');
}
