import type { FileRegistry } from '@bufbuild/protobuf';
import { restPackages } from '../contracts.ts';
import { withoutPatterns } from '../http-rule.ts';
import type { PlainRoutes } from '../openapi/plain-paths.ts';
import type { OutputTree } from '../output-tree.ts';

/** HEAD is answered where a service's own routes are; grpc-gateway has no rule for it. */
const PLAIN_VERBS: Readonly<Record<string, readonly string[]>> = { get: ['GET', 'HEAD'], post: ['POST'] };

/**
 * Writes what the gateway serves, one expression for a path a line, behind the methods that it takes: by it the
 * post-function tells a wrong method from a wrong path (`infra/kong/post-function`).
 */
export function generatePaths(registry: FileRegistry, folder: string, plain: PlainRoutes): OutputTree {
  const packages = restPackages(registry);
  const methods = new Map<string, string[]>();
  const add = (expression: string, verbs: readonly string[]): void => {
    methods.set(expression, [...(methods.get(expression) ?? []), ...verbs]);
  };
  for (const { services } of packages) {
    for (const { service, rpcs } of services) {
      for (const { verb, template } of rpcs.flatMap(({ rule }) => rule.bindings))
        add(expressionOf(withoutPatterns(template)), [verb.toUpperCase()]);
      add(`^/${escaped(service.typeName)}/[^/]+$`, ['GET', 'POST']);
    }
  }
  for (const [path, operations] of Object.entries(plain.paths))
    add(
      expressionOf(path),
      Object.keys(operations).flatMap((verb) => PLAIN_VERBS[verb] ?? []),
    );
  const lines = [...methods].map(
    ([expression, verbs]) => `${[...new Set(verbs)].sort().join(',')} ${expression}`,
  );
  return new Map([[`${folder}/paths.txt`, `${lines.sort().join('\n')}\n`]]);
}

/** A path with or without a slash at its end; variables are one segment, or a part of one. */
function expressionOf(template: string): string {
  const source = template.split(/\{[^{}]+\}/).map(escaped);
  return `^${source.join('[^/]+')}/?$`;
}

const escaped = (text: string): string => text.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
