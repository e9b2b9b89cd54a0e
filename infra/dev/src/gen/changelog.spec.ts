import { create, createFileRegistry, type FileRegistry } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { changelog, changesBetween } from './changelog.ts';

function contracts(
  fields: readonly string[],
  rpcs: ReadonlyArray<{ name: string; deprecated?: boolean }>,
  more: readonly string[] = [],
): FileRegistry {
  const field = (name: string, i: number) => ({ name, number: i + 1, type: 9, label: 1 });
  const io = { inputType: '.exemplo.v1.Coisa', outputType: '.exemplo.v1.Coisa' };
  const messageType = [
    { name: 'Coisa', field: fields.map(field) },
    ...more.map((name) => ({ name, field: [field('id', 0)] })),
  ];
  const method = rpcs.map(({ name, deprecated = false }) => ({ name, ...io, options: { deprecated } }));
  const service = [{ name: 'CoisasService', method }];
  const file = {
    name: 'exemplo/v1/exemplo.proto',
    package: 'exemplo.v1',
    syntax: 'proto3',
    messageType,
    service,
  };
  return createFileRegistry(create(FileDescriptorSetSchema, { file: [file] }));
}

describe('the changelog of the contracts', () => {
  it('names what came, what is deprecated now and what went, each once', () => {
    const before = contracts(['id', 'nome'], [{ name: 'Ler' }, { name: 'Gravar' }]);
    const after = contracts(
      ['id', 'cor'],
      [{ name: 'Ler', deprecated: true }, { name: 'Gravar' }, { name: 'Apagar' }],
      ['Outra'],
    );
    expect(changelog('Since v1.2.0', changesBetween(before, after))).toBe(`## Since v1.2.0

### Added

- \`exemplo.v1.Coisa.cor\`
- \`exemplo.v1.CoisasService/Apagar\`
- \`exemplo.v1.Outra\`

### Deprecated

- \`exemplo.v1.CoisasService/Ler\`

### Removed

- \`exemplo.v1.Coisa.nome\``);
  });

  it('says that nothing has changed', () => {
    const same = contracts(['id'], []);
    expect(changelog('Since v1.2.0', changesBetween(same, same))).toContain('Nothing has changed.');
  });
});
