/** Which connection an outside system that does not answer belongs to. Pure. */
import type { AwayTarget, Connection } from '../api/types';
import { address } from './settings';

/** As the runner names the system behind a connection; a watched database is no target. */
function targetOf(connection: Connection): string | null {
  if (connection.kind === 'smtp') return `smtp://${address(connection)}`.toLowerCase();
  if (connection.kind !== 'http' || !URL.canParse(address(connection))) return null;
  const { protocol, hostname, port } = new URL(address(connection));
  return `${protocol}//${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
}

export function awayOf(connection: Connection, targets: readonly AwayTarget[]): AwayTarget | null {
  return targets.find((target) => target.name === targetOf(connection)) ?? null;
}

/** By the name that people gave it, where it is a connection: `Local inbox (127.0.0.1:25)`. */
export function nameOf(target: AwayTarget, connections: readonly Connection[]): string {
  const own = connections.find((one) => targetOf(one) === target.name);
  return own === undefined ? target.name : `${own.label === '' ? own.name : own.label} (${address(own)})`;
}
