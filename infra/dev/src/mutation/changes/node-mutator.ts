import type { babel } from '@stryker-mutator/instrumenter';

export type Node = babel.NodePath['node'];

/** What Stryker calls a mutator: the nodes that could stand in the place of another. */
export interface NodeMutator {
  readonly name: string;
  mutate(path: babel.NodePath, context?: unknown): Iterable<Node>;
}
