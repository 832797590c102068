/** What a run asks people while it waits: who is asked, until when, and the answer of whoever may give it. */
import { useRunApprovals } from '../../api/approvals';
import type { Run } from '../../api/types';
import { Asked } from '../../ui/Asked';
import classes from '../../ui/Asked.module.css';

export function RunAsked({ run }: { run: Run }) {
  const asks = run.trace.steps.some((step) => step.kind === 'action' && step.state === 'waiting');
  const asked = useRunApprovals(run.id, asks).data?.items ?? [];
  const open = asked.filter((one) => one.standing === 'open');
  if (!asks || open.length === 0) return null;
  return (
    <ul className={classes.list} style={{ marginBottom: 16 }}>
      {open.map((one) => (
        <li key={one.id}>
          <Asked asked={one} within />
        </li>
      ))}
    </ul>
  );
}
