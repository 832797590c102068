/** From the tree to closures. Operators call back here for their arguments. */
import { Broken } from './budget';
import { type Fn, literal, type Node, type Wrap } from './tree';

export function compile(node: Node, wrap: Wrap): Fn {
  const fn = bare(node, wrap);
  return wrap === null || node.operator === '' ? fn : wrap(node, fn);
}

function bare(node: Node, wrap: Wrap): Fn {
  switch (node.kind) {
    case 'literal':
      return () => node.value;
    case 'list': {
      const items = children(node, wrap);
      return (data, budget) => {
        budget.produce(8 * items.length, node.path);
        return items.map((item) => item(data, budget));
      };
    }
    case 'bad':
      return () => {
        throw new Broken(node.path, node.reason, node.message);
      };
    case 'call':
      return node.does.compile(node, wrap);
  }
}

/** The argument at an index; operators ask only for those that their arity promises. */
export function child({ args }: Node, index: number, wrap: Wrap): Fn {
  const [arg = literal(null)] = args.slice(index);
  return compile(arg, wrap);
}

export const children = (node: Node, wrap: Wrap): Fn[] => node.args.map((arg) => compile(arg, wrap));
