/** Why a connection does not work, in the words of a language; the other side's own words follow as they came. */
import type { TFunction } from 'i18next';
import { isProblem } from '../api/client';
import type { CheckResult, Connection } from '../api/types';
import { reasonOf } from '../i18n/faultText';

type Told = Pick<Connection, 'trouble' | 'state_reason'> | Pick<CheckResult, 'trouble' | 'reason'>;

/** What an earlier release wrote down has no code: it is told as it was written. */
export function troubleText(told: Told, t: TFunction): string {
  const english = 'reason' in told ? told.reason : told.state_reason;
  return reasonOf({ fault: told.trouble ?? null, reason: english }, t);
}

/** Why a test was not sent, where the other side is why: the connection, read anew, knows it by its code. */
export function testTrouble(
  error: unknown,
  connection: Pick<Connection, 'trouble' | 'state_reason'>,
  t: TFunction,
): string | null {
  const refused = isProblem(error) && error.status === 502 && (connection.trouble ?? null) !== null;
  return refused ? troubleText(connection, t) : null;
}
