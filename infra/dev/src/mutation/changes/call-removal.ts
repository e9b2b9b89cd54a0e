import type { NodeMutator } from './node-mutator.ts';

/** A statement that is a call, without the call: nothing is told, checked or locked. */
export const callRemoval: NodeMutator = {
  name: 'CallRemoval',
  *mutate({ node }) {
    if (node.type !== 'ExpressionStatement') return;
    const inner = node.expression.type === 'AwaitExpression' ? node.expression.argument : node.expression;
    const isCall = inner.type === 'CallExpression' || inner.type === 'OptionalCallExpression';
    if (isCall && inner.callee.type !== 'Super') yield { type: 'EmptyStatement' } as never;
  },
};
