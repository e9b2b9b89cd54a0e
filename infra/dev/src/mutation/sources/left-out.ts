import type { babel } from '@stryker-mutator/instrumenter';

type Node = babel.NodePath['node'];

/** What is no guard, by kind, each with its reason. Single mutants that stay on purpose are in `accepted.json`. */
const FILES: readonly [pattern: RegExp, reason: string][] = [
  [/\.spec\.ts$/, 'A spec.'],
  [
    /\/migrations\//,
    'A migration that has been applied never changes; what it made is guarded by who uses it.',
  ],
  [/\/src\/main\.ts$/, 'Starts the process: only the end-to-end specs run it.'],
  [/\/src\/commands\//, 'A command of an operator: a process of its own, which the end-to-end specs run.'],
];

const CALLS: readonly [callee: RegExp, reason: string][] = [
  [/^(this\.)?#?(.*\.)?#?logger\??\.\w+$/, 'What a log line says decides nothing.'],
  [/^(.*\.)?span\??\.\w+$/, 'What a trace says decides nothing.'],
  [/\.(inc|dec|observe)$/, 'A metric counts; what it counts is decided elsewhere.'],
  [/^EntitySchema$/, 'What TypeORM is told of a table; the table itself is made by the migrations.'],
  [/^(Counter|Gauge|Histogram)$/, 'The name, help and buckets of a metric.'],
];

export function isLeftOut(file: string): boolean {
  return FILES.some(([pattern]) => pattern.test(file));
}

/** For Stryker: why nothing inside a node is changed. */
export const leftOutCalls = {
  shouldIgnore({ node }: babel.NodePath): string | undefined {
    if (node.type === 'ExpressionStatement') return reasonOf(called(node.expression));
    return reasonOf(called(node));
  },
};

function called(node: Node): string {
  if (node.type === 'CallExpression' || node.type === 'OptionalCallExpression') return textOf(node.callee);
  return node.type === 'NewExpression' ? textOf(node.callee) : '';
}

function reasonOf(callee: string): string | undefined {
  return CALLS.find(([pattern]) => pattern.test(callee))?.[1];
}

function textOf(node: Node): string {
  switch (node.type) {
    case 'Identifier':
      return node.name;
    case 'PrivateName':
      return `#${node.id.name}`;
    case 'ThisExpression':
      return 'this';
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return `${textOf(node.object)}.${textOf(node.property)}`;
    case 'CallExpression':
    case 'OptionalCallExpression':
      return `${textOf(node.callee)}()`;
    default:
      return '';
  }
}
