import type { NodeMutator } from './node-mutator.ts';

/** Smaller ones are counts of a structure rather than limits, and the arithmetic around them has its own mutants. */
const LEAST = 3;

/** Ten times as much and a tenth: 120 days that are 12, a deadline that never comes. */
export const numericLimit: NodeMutator = {
  name: 'NumericLimit',
  *mutate({ node, parent, key }) {
    if (node.type !== 'NumericLiteral' || node.value < LEAST) return;
    // One factor speaks for a product: 24 * 60 * 60_000.
    if (parent?.type === 'BinaryExpression' && '*/'.includes(parent.operator) && key === 'right') return;
    yield { type: 'NumericLiteral', value: node.value * 10 } as never;
    if (node.value >= 10) yield { type: 'NumericLiteral', value: Math.trunc(node.value / 10) } as never;
  },
};
