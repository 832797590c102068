/** The small dialogs of the builder: somebody else saved, an If goes with its steps, the whole JSON. */
import { Button, Modal, Stack } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { branchName } from '../canvas/branchName';
import { documentOf, open } from '../model/graph';
import { isObject } from '../model/json';
import { countSteps, placeOf } from '../model/rule';
import { DONE, sidesOf } from '../model/ways';
import { useFocusBack } from '../ui/useFocusBack';
import { useRoom } from './context';
import { useOrderedProblems } from './derived';
import { JsonText } from './json/JsonText';
import { knownFaults } from './json/known';
import { put, ruleOf, useBuilder, useBuilderStore, useOpened } from './store';

export function RemoveDialog() {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { commands } = useRoom();
  const rule = ruleOf(useOpened());
  const removing = useBuilder((state) => state.removing);
  const step = rule && removing !== null ? placeOf(rule, removing)?.step : undefined;
  const sides = step ? sidesOf(step).filter((side) => side.branch !== DONE) : [];
  const isIf = step?.kind === 'if';
  const close = (): void => store.setState({ removing: null });
  const choose = (keep: string) => () => removing !== null && commands.removeNow(removing, keep);
  const inside = sides.reduce((sum, side) => sum + countSteps(side.steps), 0);
  return (
    <Modal
      opened={sides.length > 0}
      onClose={close}
      title={t(isIf ? 'builder.remove.title' : 'ways.removeTitle')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <Stack gap="xs">
        <Button color="red.9" onClick={choose(DONE)}>
          {t(isIf ? 'builder.remove.all' : 'ways.removeAll', { count: inside })}
        </Button>
        {sides.map(({ branch, steps }) =>
          steps.length === 0 ? null : (
            <Button key={branch} variant="default" onClick={choose(branch)}>
              {branch === 'yes' || branch === 'no'
                ? t(branch === 'yes' ? 'builder.remove.keepYes' : 'builder.remove.keepNo')
                : t('ways.removeKeep', { way: branchName(step?.node, branch, t) })}
            </Button>
          ),
        )}
        <Button variant="subtle" color="gray" c="var(--mantine-color-text)" onClick={close}>
          {t('ui.cancel')}
        </Button>
      </Stack>
    </Modal>
  );
}

function RuleJson() {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const opened = useOpened();
  const { problemText } = useRoom();
  const problems = useOrderedProblems();
  const editing = useBuilder((state) => state.editing);
  const ruleId = useBuilder((state) => state.ruleId);
  const known = useMemo(() => knownFaults(opened, problems, problemText), [opened, problems, problemText]);
  return (
    <JsonText
      value={documentOf(opened)}
      label={t('builder.json.whole')}
      readOnly={!editing}
      rows={26}
      whole={{ ruleId, path: '', with: (value) => (isObject(value) ? value : null), known }}
      onApply={(value) => {
        if (!isObject(value) || !Array.isArray(value['nodes'])) return t('builder.json.notARule');
        put(store, open(value));
        store.setState({ dialog: null, selected: null });
        return null;
      }}
    />
  );
}

export function JsonDialog() {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const shown = useBuilder((state) => state.dialog === 'json');
  useFocusBack(shown);
  const close = (): void => store.setState({ dialog: null });
  return (
    <Modal
      opened={shown}
      onClose={close}
      // The editor takes the first Escape itself.
      closeOnEscape={false}
      onKeyDown={(event) => event.key === 'Escape' && close()}
      size={820}
      title={t('builder.json.whole')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      {shown && <RuleJson />}
    </Modal>
  );
}
