/** How many records a step that finds them keeps for later steps: as its `limit` says. */
import type { JSONObject } from '../model/json';

/** Where nothing is said; as `USUALLY_FOUND` of the server. */
export const USUALLY_KEPT = 100;

export function keptBy(fields: JSONObject): number {
  const limit = fields['limit'];
  return typeof limit === 'number' ? limit : USUALLY_KEPT;
}
