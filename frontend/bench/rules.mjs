// Rules of any length: of ten steps one is an If with three inside, the others wait and notify.

export function ruleOf(count) {
  const on = { on: 'change', connection: 'crm', table: 'public.leads', events: ['update'] };
  const nodes = [{ id: 't', kind: 'trigger', ...on }];
  const edges = [];
  let ends = [['t']];
  const id = () => `s${nodes.length}`;
  const place = (node, from) => {
    for (const [source, branch] of from) edges.push(branch ? [source, node.id, branch] : [source, node.id]);
    nodes.push(node);
    return node.id;
  };
  const wait = (from) => [[place({ id: id(), kind: 'wait', amount: 2, unit: 'hours' }, from)]];
  const notify = (from) => {
    const title = `Step ${nodes.length}`;
    return [[place({ id: id(), kind: 'action', do: 'notify', fields: { title } }, from)]];
  };
  while (nodes.length <= count) {
    const place10 = (nodes.length - 1) % 10;
    if (place10 === 0 && count - nodes.length >= 3) {
      const logic = { '===': [{ var: 'after.status' }, 'won'] };
      const check = place({ id: id(), kind: 'condition', logic }, ends);
      const yes = wait(notify([[check, 'yes']]));
      ends = [...yes, ...wait([[check, 'no']])];
    } else {
      ends = place10 % 3 === 1 ? notify(ends) : wait(ends);
    }
  }
  return { dialect: 1, name: `${count} steps`, nodes, edges };
}
