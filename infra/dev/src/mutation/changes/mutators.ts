import type { babel } from '@stryker-mutator/instrumenter';
import { callRemoval } from './call-removal.ts';
import type { Node, NodeMutator } from './node-mutator.ts';
import { numericLimit } from './numeric-limit.ts';
import { sqlGuard } from './sql-guard.ts';

/**
 * Guards are what may go missing unnoticed: conditions, bounds, limits, calls, and what SQL does with rows and locks.
 * Left out are literals of strings, objects, arrays and regular expressions, which are texts and names nearly always.
 *
 * @param stock Stryker's own mutators, by name.
 */
export function guardMutators(stock: ReadonlyMap<string, NodeMutator>): NodeMutator[] {
  const own = (name: string, keep: Keep = () => true): NodeMutator => {
    const mutator = stock.get(name);
    if (!mutator) throw new Error(`Stryker has no mutator "${name}" any more.`);
    return {
      name,
      *mutate(path, context) {
        for (const node of mutator.mutate(path, context)) if (keep(path, node)) yield node;
      },
    };
  };
  return [
    own('ArithmeticOperator', (path) => !isConstant(path.node)),
    own('ArrowFunction'),
    own('AssignmentOperator'),
    own('BlockStatement', isTellingBlock),
    own('BooleanLiteral'),
    own('ConditionalExpression'),
    own('EqualityOperator', isBoundary),
    own('LogicalOperator'),
    own('MethodExpression'),
    own('OptionalChaining'),
    own('UnaryOperator'),
    own('UpdateOperator'),
    callRemoval,
    numericLimit,
    sqlGuard,
  ];
}

type Keep = (path: babel.NodePath, replacement: Node) => boolean;

/** `24 * 60 * 60_000` is one number, and numbers have their own mutator. */
function isConstant(node: Node): boolean {
  if (node.type === 'BinaryExpression') return isConstant(node.left) && isConstant(node.right);
  return node.type === 'NumericLiteral' || node.type === 'BigIntLiteral';
}

/** A condition as `true` and as `false` tells more than its negation. */
function isBoundary({ node }: babel.NodePath, replacement: Node): boolean {
  return (
    replacement.type === 'BinaryExpression' && BOUNDARIES.has(`${operatorOf(node)} ${replacement.operator}`)
  );
}

const BOUNDARIES = new Set(['< <=', '<= <', '> >=', '>= >']);

function operatorOf(node: Node): string {
  return node.type === 'BinaryExpression' ? node.operator : '';
}

/**
 * Not the whole of a function that has a result, or of a constructor: nothing works without them. Not what an `if`
 * guards, which is the same as the condition `false`. Not the body of an endless loop.
 */
function isTellingBlock(path: babel.NodePath): boolean {
  const parent = path.parent;
  if (!parent) return false;
  if (parent.type === 'IfStatement') return parent.alternate === path.node;
  if (['WhileStatement', 'DoWhileStatement', 'ForStatement'].includes(parent.type)) return false;
  if (parent.type === 'ClassMethod' && parent.kind === 'constructor') return false;
  if (!path.parentPath?.isFunction()) return true;
  return !givesResult(path);
}

function givesResult(block: babel.NodePath): boolean {
  let found = false;
  block.traverse({
    Function: (inner) => inner.skip(),
    ReturnStatement: ({ node }) => {
      found ||= node.argument !== null && node.argument !== undefined;
    },
  });
  return found;
}
