/** Whoever did something, as records name them: a person by their address or name, a key as `key NAME`. Pure. */
import type { TFunction } from 'i18next';

const KEY = 'key ';
const DEMO = 'the demo';

/** In the reader's words; the words are those of the room `audited`. */
export function actorText(actor: string, t: TFunction): string {
  if (actor === DEMO) return t('audited.demo');
  return actor.startsWith(KEY) ? t('audited.key', { name: actor.slice(KEY.length) }) : actor;
}
