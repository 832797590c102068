/** For tests: the form of step `s` of a rule, in a builder of its own. Words and `fetch` are the test's. */
import { nodeIn } from '../canvas/board';
import type { Subject } from '../canvas/useTables';
import { useWords } from '../canvas/words';
import { documentOf } from '../model/graph';
import { type JSONObject, objectAt } from '../model/json';
import type { RuleNode } from '../model/rule';
import { renderInApp } from '../ui/renderInApp';

const START: RuleNode = { id: 't', kind: 'trigger', on: 'manual' };

/** Started by hand, one step after the other. Gives what the fields of `s` are now. */
export const showForm = (...steps: RuleNode[]): Promise<() => JSONObject> => showFormOf({}, ...steps);

/** The same of a rule that is about something else than the sample. */
export async function showFormOf(subject: Partial<Subject>, ...steps: RuleNode[]): Promise<() => JSONObject> {
  const nodes = [START, ...steps];
  const edges = steps.map((step, place) => [nodes[place]?.id ?? '', step.id]);
  const rule = await showFormIn({ dialect: 1, name: 'r', nodes, edges }, subject);
  return () => {
    const known = rule()['nodes'];
    const step = Array.isArray(known)
      ? known.find((one) => objectAt({ one }, 'one')['id'] === 's')
      : undefined;
    return objectAt(objectAt({ step: step ?? null }, 'step'), 'fields');
  };
}

/** Of a whole rule, an action or a wait in it. Gives what the rule is now. */
export async function showFormIn(
  document: JSONObject,
  subject: Partial<Subject> = {},
): Promise<() => JSONObject> {
  // The client keeps the fetch that it finds when it is loaded.
  const [{ SampleRoom }, { SUBJECT }, { ActionForm }, wait, { FormPlaces }, { useBuilderStore, useOpened }] =
    await Promise.all([
      import('../states/SampleRoom'),
      import('../states/samples'),
      import('./ActionForm'),
      import('./WaitForm'),
      import('./FormPlaces'),
      import('./store'),
    ]);
  const WaitForm = wait.default;
  let now = (): JSONObject => document;
  function Form() {
    const store = useBuilderStore();
    now = () => documentOf(store.getState().history.present);
    const opened = nodeIn(useOpened(), 's');
    return opened ? (
      <FormPlaces step="s" problems={[]}>
        {opened.kind === 'wait' ? <WaitForm node={opened} /> : <ActionForm node={opened} />}
      </FormPlaces>
    ) : null;
  }
  function Room() {
    return (
      <SampleRoom words={useWords(SUBJECT.tables)} dialog={null} document={document} subject={subject}>
        <Form />
      </SampleRoom>
    );
  }
  renderInApp(<Room />);
  return () => now();
}
