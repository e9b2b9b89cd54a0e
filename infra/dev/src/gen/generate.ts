import { file_buf_validate_validate } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { asyncapiDocument } from './asyncapi/asyncapi.ts';
import { generateCatalogue } from './asyncapi/catalogue.ts';
import { recordedExamples } from './asyncapi/examples.ts';
import { requireBounds } from './bounds.ts';
import { buf } from './buf.ts';
import { loadContracts } from './contracts.ts';
import { requireFieldBehavior } from './field-behavior.ts';
import { generateKong } from './kong/kong.ts';
import { generatePaths } from './kong/paths.ts';
import { readExamples } from './openapi/examples.ts';
import { generateOpenapi } from './openapi/openapi.ts';
import { PLAIN_ROUTES } from './openapi/plain-routes.ts';
import { type OutputTree, readTree } from './output-tree.ts';
import { printDescriptor } from './vendor-validate.ts';

/** Folders whose whole content is generated: a file there that no generator wrote is stale. */
export const OUTPUT_FOLDERS = [
  'gen/src',
  'gen/kong',
  'gen/openapi',
  'gen/asyncapi',
  'docs/events',
  'proto/third_party/buf',
] as const;

/**
 * Produces everything that follows from proto/, without touching the repository.
 *
 * @param root repository root
 * @param scratch empty folder for intermediate files
 * @throws Error when the contracts do not build, a request has no bounds, a field does not say what it is, or Kong could not serve them
 */
export async function generateContracts(root: string, scratch: string): Promise<OutputTree> {
  await buf(root, ['generate', '--output', scratch]);
  const registry = await loadContracts(root, scratch);
  requireBounds(registry);
  requireFieldBehavior(registry);
  const events = recordedExamples();
  const asyncapi = JSON.stringify(asyncapiDocument(registry, events), null, 2);
  const tree: OutputTree = new Map([
    ...(await readTree(scratch, 'gen/src')),
    ...generateKong(registry, 'gen/kong'),
    ...generatePaths(registry, 'gen/kong', PLAIN_ROUTES),
    ...generateOpenapi(registry, 'gen/openapi', PLAIN_ROUTES, readExamples()),
    ['gen/asyncapi/plataforma.json', `${asyncapi}\n`],
    ...generateCatalogue(registry, 'docs/events', events),
  ]);
  tree.set('proto/third_party/buf/validate/validate.proto', printDescriptor(file_buf_validate_validate));
  return tree;
}
