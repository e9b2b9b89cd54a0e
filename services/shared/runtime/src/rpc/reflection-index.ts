import type { DescExtension, DescFile, DescService } from '@bufbuild/protobuf';
import { toBinary } from '@bufbuild/protobuf';
import { nestedTypes } from '@bufbuild/protobuf/reflect';
import { FileDescriptorProtoSchema, StructSchema } from '@bufbuild/protobuf/wkt';
import { ErrorInfoSchema } from '@plataforma/contratos/google/rpc/error_details_pb';

/** What details of errors are made of: no contract names them, and tools that ask here print them by it. */
const DETAILS = [ErrorInfoSchema.file, StructSchema.file];

/** Everything a reflection client may ask about a set of services: their files and those they depend on. */
export class ReflectionIndex {
  readonly services: readonly string[];
  readonly #files = new Map<string, DescFile>();
  readonly #symbols = new Map<string, DescFile>();
  readonly #extensions = new Map<string, Map<number, DescFile>>();

  constructor(services: readonly DescService[]) {
    this.services = services.map((service) => service.typeName);
    for (const file of [...services.map((service) => service.file), ...DETAILS]) this.#addFile(file);
  }

  /** Serialized descriptors of a file (`reservas/v1/reserva.proto`) and of its dependencies, the file first. */
  file(name: string): Uint8Array[] | undefined {
    return withDependencies(this.#files.get(name));
  }

  /** The same for the file that declares a service, method, message, field, enum or extension. */
  symbol(name: string): Uint8Array[] | undefined {
    return withDependencies(this.#symbols.get(name));
  }

  extension(extendee: string, number: number): Uint8Array[] | undefined {
    return withDependencies(this.#extensions.get(extendee)?.get(number));
  }

  /** Numbers of the known extensions of a message; undefined if the message itself is unknown. */
  extensionNumbers(extendee: string): number[] | undefined {
    if (!this.#symbols.has(extendee)) return undefined;
    return [...(this.#extensions.get(extendee)?.keys() ?? [])];
  }

  #addFile(file: DescFile): void {
    const name = file.proto.name;
    if (this.#files.has(name)) return;
    this.#files.set(name, file);
    for (const dependency of file.dependencies) this.#addFile(dependency);
    for (const type of nestedTypes(file)) {
      this.#symbols.set(type.typeName, file);
      if (type.kind === 'message')
        for (const field of type.fields) this.#addMember(type.typeName, field.name, file);
      if (type.kind === 'service')
        for (const method of type.methods) this.#addMember(type.typeName, method.name, file);
      if (type.kind === 'extension') this.#addExtension(type, file);
    }
  }

  #addMember(parent: string, name: string, file: DescFile): void {
    this.#symbols.set(`${parent}.${name}`, file);
  }

  #addExtension({ extendee, number }: DescExtension, file: DescFile): void {
    const known = this.#extensions.get(extendee.typeName) ?? new Map<number, DescFile>();
    this.#extensions.set(extendee.typeName, known.set(number, file));
  }
}

function withDependencies(file: DescFile | undefined): Uint8Array[] | undefined {
  if (file === undefined) return undefined;
  const seen = new Set<DescFile>();
  const visit = (each: DescFile) => {
    if (seen.has(each)) return;
    seen.add(each);
    each.dependencies.forEach(visit);
  };
  visit(file);
  return [...seen].map((each) => toBinary(FileDescriptorProtoSchema, each.proto));
}
