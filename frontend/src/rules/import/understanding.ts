/** How much of an imported rule is understood: steps, conditions that only show as Advanced, steps nobody knows. Pure. */
import { documentOf, type Opened } from '../../model/graph';
import { isList, isObject, type JSONValue } from '../../model/json';
import { logicsOf, partsOf } from '../../model/places';

export type Understanding = {
  readonly steps: number;
  readonly understood: number;
  /** Conditions that the form shows as JSON, wholly or in part. */
  readonly advanced: number;
  /** Steps of a kind that is not known here. */
  readonly unknown: number;
};

function isAdvanced(node: JSONValue): boolean {
  if (!isObject(node)) return false;
  return logicsOf(node).some(({ logic }) => partsOf(logic).some(({ part }) => part.kind === 'advanced'));
}

/** `foreign`: the places in `nodes` of the steps that the server does not understand. */
export function understanding(opened: Opened, foreign: readonly number[]): Understanding {
  const found = documentOf(opened)['nodes'];
  const nodes = isList(found) ? found : [];
  const strange = new Set(foreign);
  let advanced = 0;
  let unknown = 0;
  nodes.forEach((node, index) => {
    const condition = isObject(node) && logicsOf(node).length > 0;
    if (isAdvanced(node) || (condition && strange.has(index))) advanced += 1;
    else if (strange.has(index)) unknown += 1;
  });
  return { steps: nodes.length, understood: nodes.length - advanced - unknown, advanced, unknown };
}
