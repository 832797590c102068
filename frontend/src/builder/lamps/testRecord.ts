/**
 * The record that a test is tried on, as the server is asked: with its what-if values, or one stored change of it, at its
 * own moment.
 */
import type { TestRecord } from '../../api/types';
import type { Subject } from '../../canvas/useTables';
import type { Testing } from '../store';

export function testRecordOf(
  testing: Testing,
  subject: Pick<Subject, 'connection' | 'table'>,
  op: Testing['op'],
): TestRecord | null {
  const { moment, record, after, before, related, key } = testing;
  const at = moment?.at ?? testing.at;
  if (subject.table === '' || key === null) return null;
  const values = moment ?? {
    after: { ...record, ...after },
    before: { ...record, ...after, ...before },
  };
  const given = moment !== null || Object.keys(after).length + Object.keys(before).length > 0;
  return {
    connection: subject.connection,
    table: subject.table,
    key,
    op,
    ...(given
      ? {
          after: op === 'delete' ? null : values.after,
          before: op === 'insert' ? null : values.before,
        }
      : {}),
    ...(Object.keys(related).length > 0 ? { related } : {}),
    ...(at === null ? {} : { at }),
  };
}
