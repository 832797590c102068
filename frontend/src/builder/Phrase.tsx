/** A step in the rule's sentence: a coloured phrase that selects it, with a sign whether its condition holds. */
import { memo } from 'react';
import { nodeIn } from '../canvas/board';
import type { Tone } from '../model/wording';
import { useRoom } from './context';
import { type Light, lightOfLogic } from './lamps/light';
import { sightOf } from './lamps/sight';
import classes from './sentence.module.css';
import { type Builder, useBuilder } from './store';
import tones from './tone.module.css';

const CUT = 90;

/** Whether the condition of this step holds for the chosen record. */
function truthOf(state: Builder, id: string): Light['kind'] | null {
  const sight = state.lamps ? sightOf(state.testing) : null;
  const node = sight ? nodeIn(state.history.present, id) : undefined;
  if (!sight || !node || node['off'] === true) return null;
  const light = lightOfLogic(node['logic'] ?? null, sight);
  return light.kind === 'unknown' && light.why === 'incomplete' ? null : light.kind;
}

type PhraseProps = { readonly step: string; readonly tone: Tone; readonly text: string };

export const Phrase = memo(function Phrase({ step, tone, text }: PhraseProps) {
  const { commands } = useRoom();
  const selected = useBuilder((state) => state.selected === step);
  const truth = useBuilder((state) => (tone === 'if' ? truthOf(state, step) : null));
  const cut = text.length > CUT ? `${text.slice(0, CUT).trimEnd()}…` : text;
  return (
    <button
      type="button"
      className={`${tones.tone} ${classes.phrase}`}
      data-tone={tone}
      data-selected={selected || undefined}
      data-phrase={step}
      data-truth={truth ?? undefined}
      aria-describedby={truth === null ? undefined : `lamp-${truth}`}
      title={cut === text ? undefined : text}
      onClick={() => commands.select(step)}
    >
      {cut}
    </button>
  );
});
