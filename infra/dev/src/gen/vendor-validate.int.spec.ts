import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clone, fromBinary, getExtension, toJson } from '@bufbuild/protobuf';
import {
  type FieldDescriptorProto,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';
import {
  file_buf_validate_validate,
  predefined,
} from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { describe, expect, it } from '@jest/globals';
import { buf } from './buf.ts';
import { REPOSITORY } from './fixture-workspace.ts';
import { printDescriptor } from './vendor-validate.ts';

const PATH = 'buf/validate/validate.proto';

/** Compiles the printed text with buf. */
async function compile(text: string): Promise<FileDescriptorProto> {
  const folder = await mkdtemp(join(tmpdir(), 'plataforma-validate-'));
  try {
    await mkdir(join(folder, 'buf/validate'), { recursive: true });
    await writeFile(join(folder, PATH), text);
    await buf(REPOSITORY, ['build', '--exclude-source-info', '--output', 'image.binpb'], folder);
    const set = fromBinary(FileDescriptorSetSchema, await readFile(join(folder, 'image.binpb')));
    const file = set.file.find(({ name }) => name === PATH);
    if (file === undefined) throw new Error('buf built no such file');
    return file;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What the wire and the rules depend on: without file options, and without what a compiler fills in. */
function essence(file: FileDescriptorProto): unknown {
  const copy = clone(FileDescriptorProtoSchema, { ...file, name: PATH });
  delete copy.options;
  const strip = (field: FieldDescriptorProto): void => {
    field.jsonName = '';
  };
  copy.extension.forEach(strip);
  for (const message of copy.messageType) message.field.forEach(strip);
  copy.$unknown = [];
  return toJson(FileDescriptorProtoSchema, copy);
}

/** Ids of the rules in field options, in order: they are what the validator runs. */
function predefinedRules(file: FileDescriptorProto): string[] {
  return file.messageType
    .flatMap(({ field }) => field)
    .flatMap(({ options }) => (options === undefined ? [] : getExtension(options, predefined).cel))
    .map(({ id }) => id);
}

describe('printDescriptor', () => {
  it('prints a source that compiles to the same descriptor, rules included', async () => {
    const compiled = await compile(printDescriptor(file_buf_validate_validate));
    expect(essence(compiled)).toEqual(essence(file_buf_validate_validate.proto));
    const rules = predefinedRules(compiled);
    expect(rules).toEqual(predefinedRules(file_buf_validate_validate.proto));
    expect(rules).toContain('string.uuid');
  });
});
