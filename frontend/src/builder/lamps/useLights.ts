/** The lamps on the cards: each If, and the start while a stored change is looked at. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CardLight } from '../../canvas/board';
import { branchName } from '../../canvas/branchName';
import { nodesOf, type Opened } from '../../model/graph';
import { OTHERWISE } from '../../model/ways';
import type { Words } from '../../model/wording';
import { triggerOf } from '../fields';
import type { Testing } from '../store';
import { type Light, lightOfLogic } from './light';
import { whyText } from './reading';
import { sightOf } from './sight';
import { startOf, wayOf } from './walk';

const NONE: ReadonlyMap<string, CardLight> = new Map();

export function useLights(
  opened: Opened,
  testing: Testing,
  shown: boolean,
  words: Words,
): ReadonlyMap<string, CardLight> {
  const { t } = useTranslation();
  return useMemo(() => {
    const sight = shown ? sightOf(testing) : null;
    if (!sight) return NONE;
    const lights = new Map<string, CardLight>();
    const put = (id: string, light: Light): void => {
      if (light.kind === 'unknown' && light.why === 'incomplete') return;
      const why = whyText(light, words, t);
      lights.set(id, { truth: light.kind, word: t(`lamps.card.${light.kind}`), why });
    };
    for (const node of nodesOf(opened)) {
      if (node['off'] === true) continue;
      if (node.kind === 'condition') put(node.id, lightOfLogic(node['logic'] ?? null, sight));
      if (node.kind !== 'choose') continue;
      const way = wayOf(node, sight);
      if ('light' in way) put(node.id, way.light);
      else {
        const truth = way.branch === OTHERWISE ? 'false' : 'true';
        lights.set(node.id, { truth, word: branchName(node, way.branch, t), why: '' });
      }
    }
    const trigger = triggerOf(opened);
    if (trigger && testing.moment) {
      const start = startOf(trigger, testing.moment);
      if (start !== 'not-the-trigger') {
        const truth = start === 'starts' ? 'true' : 'false';
        lights.set(trigger.id, { truth, word: t(`lamps.start.${truth}`), why: '' });
      }
    }
    return lights;
  }, [opened, testing, shown, words, t]);
}
