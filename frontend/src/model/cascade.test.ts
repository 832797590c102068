import { describe, expect, it } from 'vitest';
import { treeOf } from './cascade';

const run = (id: number, cause_run: number | null) => ({ id, cause_run });

describe('treeOf', () => {
  it('puts each run below the one that set it off, in order', () => {
    const tree = treeOf([run(1, null), run(2, 1), run(3, 1), run(4, 2)]);
    expect(tree).toEqual([
      {
        run: run(1, null),
        below: [
          { run: run(2, 1), below: [{ run: run(4, 2), below: [] }] },
          { run: run(3, 1), below: [] },
        ],
      },
    ]);
  });

  it('puts a run on top whose cause is not there', () => {
    expect(treeOf([run(5, 1), run(6, 5)]).map((branch) => branch.run.id)).toEqual([5]);
  });

  it('does not go round in circles', () => {
    expect(treeOf([run(1, 2), run(2, 1), run(3, 3)]).map((branch) => branch.run.id)).toEqual([1, 3]);
  });
});
