/** For tests: the form of step `s` of a rule, in a builder of its own. Words and `fetch` are the test's. */
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import { nodeIn } from '../canvas/board';
import type { Subject } from '../canvas/useTables';
import { useWords } from '../canvas/words';
import { type JSONObject, objectAt } from '../model/json';
import type { RuleNode } from '../model/rule';

const START: RuleNode = { id: 't', kind: 'trigger', on: 'manual' };

/** Started by hand, one step after the other. Gives what the fields of `s` are now. */
export const showForm = (...steps: RuleNode[]): Promise<() => JSONObject> => showFormOf({}, ...steps);

/** The same of a rule that is about something else than the sample. */
export async function showFormOf(subject: Partial<Subject>, ...steps: RuleNode[]): Promise<() => JSONObject> {
  // The client keeps the fetch that it finds when it is loaded.
  const [{ SampleRoom }, { SUBJECT }, { ActionForm }, { FormPlaces }, { useBuilderStore, useOpened }] =
    await Promise.all([
      import('../states/SampleRoom'),
      import('../states/samples'),
      import('./ActionForm'),
      import('./FormPlaces'),
      import('./store'),
    ]);
  let fields = (): JSONObject => ({});
  function Form() {
    const store = useBuilderStore();
    fields = () => objectAt(nodeIn(store.getState().history.present, 's'), 'fields');
    const opened = nodeIn(useOpened(), 's');
    return opened ? (
      <FormPlaces step="s" problems={[]}>
        <ActionForm node={opened} />
      </FormPlaces>
    ) : null;
  }
  const nodes = [START, ...steps];
  const edges = steps.map((step, place) => [nodes[place]?.id ?? '', step.id]);
  function Room() {
    const document = { dialect: 1, name: 'r', nodes, edges };
    return (
      <SampleRoom words={useWords(SUBJECT.tables)} dialog={null} document={document} subject={subject}>
        <Form />
      </SampleRoom>
    );
  }
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <Room />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return () => fields();
}
