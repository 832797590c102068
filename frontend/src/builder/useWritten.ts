/** The table that a step writes: the one that it names, or else that of the rule. Without either there is nothing to write into. */
import { useTableFacts } from '../api/builder';
import { useConnections } from '../api/connections';
import { type JSONObject, textAt } from '../model/json';
import { useRoom } from './context';

export function useWritten(fields: JSONObject) {
  const { subject } = useRoom();
  const connections = useConnections();
  const named = textAt(fields, 'connection');
  const own = named === '' || named === subject.connection;
  const connectionId = own
    ? subject.connectionId
    : (connections.data?.items.find((one) => one.name === named)?.id ?? null);
  const table = textAt(fields, 'table') || subject.table;
  const facts = useTableFacts(connectionId, table);
  // What a request brings stands in the place of columns as well, where the rule has no table: it is only read.
  const known = own && table !== '' && table === subject.table ? subject.columns : [];
  return { connectionId, table, columns: facts.data?.columns ?? known };
}
