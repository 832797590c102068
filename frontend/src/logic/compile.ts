/** From the tree to closures. Operators call back here for their arguments. */
import { Broken } from './budget';
import { OPERATORS } from './table';
import { type Fn, literal, type Node, type Operators, type Wrap } from './tree';

export function compile(node: Node, wrap: Wrap): Fn {
  const fn = bare(node, wrap, OPERATORS);
  return wrap === null || node.operator === '' ? fn : wrap(node, fn);
}

function bare(node: Node, wrap: Wrap, operators: Operators): Fn {
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
    case 'call': {
      const operator = operators.get(node.operator);
      if (operator === undefined) throw new Error(`no operator ${node.operator}`);
      return operator.compile(node, wrap);
    }
  }
}

export const child = (node: Node, index: number, wrap: Wrap): Fn =>
  compile(node.args[index] ?? literal(null), wrap);

export const children = (node: Node, wrap: Wrap): Fn[] => node.args.map((arg) => compile(arg, wrap));
