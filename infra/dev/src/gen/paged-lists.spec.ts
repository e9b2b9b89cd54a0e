import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DescMessage, DescMethod, DescService } from '@bufbuild/protobuf';
import { getOption, hasOption } from '@bufbuild/protobuf';
import { field as ruled } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { describe, expect, it } from '@jest/globals';
import { MAX_PAGE_TOKEN_LENGTH } from '@plataforma/runtime/page-tokens';

const CONTRACTS = join(import.meta.dirname, '../../../../gen/src');

async function methods(): Promise<DescMethod[]> {
  const files = readdirSync(CONTRACTS, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\/v1\/\w+_service_pb\.ts$/.test(name),
  );
  const modules = await Promise.all(files.map((name) => import(join(CONTRACTS, name))));
  return modules
    .flatMap((module) => Object.values<DescService>(module))
    .filter(({ kind }) => kind === 'service')
    .flatMap((service) => service.methods);
}

const named = (message: DescMessage, name: string) => message.fields.find((field) => field.name === name);

/** Longest text that the contract allows in a field. */
function maxLength(message: DescMessage, name: string): number | undefined {
  const field = named(message, name);
  if (!field || !hasOption(field, ruled)) return undefined;
  const rules = getOption(field, ruled).type;
  return rules.case === 'string' ? Number(rules.value.maxLen) : undefined;
}

describe('the lists of the contracts', () => {
  it('have one shape, so that the runtime seals the tokens of all of them', async () => {
    const paged = (await methods()).filter(
      ({ input, output }) => named(input, 'page_token') ?? named(output, 'next_page_token'),
    );
    const shapes = paged.map(({ name, input, output, methodKind }) => ({
      name,
      methodKind,
      maxLength: maxLength(input, 'page_token'),
      size: named(input, 'page_size')?.fieldKind,
      next: named(output, 'next_page_token')?.fieldKind,
    }));
    expect(shapes.length).toBeGreaterThanOrEqual(12);
    for (const shape of shapes)
      expect(shape).toEqual({
        name: shape.name,
        methodKind: 'unary',
        maxLength: MAX_PAGE_TOKEN_LENGTH,
        size: 'scalar',
        next: 'scalar',
      });
  });
});
