import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { bindingsOf, type HttpBinding } from './http-rule.ts';
import { type MessageSpec, SpecCompiler } from './message-spec.ts';

/** One HTTP rule of a loaded file, ready to serve. */
export interface Endpoint {
  readonly binding: HttpBinding;
  /** gRPC path, `/package.Service/Method`. */
  readonly rpcPath: string;
  readonly input: MessageSpec;
  readonly output: MessageSpec;
}

export interface ProtoFile {
  /** Rules by lower-case HTTP method, in the order in which Kong tries them. */
  readonly endpoints: ReadonlyMap<string, readonly Endpoint[]>;
  /** All rules in file order. */
  readonly all: readonly Endpoint[];
}

/** The file is one that Kong's parser refuses; Kong then answers 500 to every request of the route. */
export class ProtoFileError extends Error {}

/**
 * Loads one main file and its imports as grpc-gateway does: services of the main file and of what it
 * imports publicly are exposed, other imports give types only.
 *
 * @throws {ProtoFileError} when a file is missing or uses what Kong's parser refuses.
 */
export function loadProtoFile(root: string, name: string): ProtoFile {
  const tree = new FileTree(root);
  tree.load(name);
  tree.types.resolveAll();
  const compiler = new SpecCompiler();
  const all = tree.exposedFiles(name).flatMap((file) => endpointsOf(tree.types, file, compiler));
  return { all, endpoints: byMethod(all) };
}

class FileTree {
  readonly types = new protobuf.Root();
  readonly #root: string;
  readonly #publicImports = new Map<string, string[]>();

  constructor(root: string) {
    this.#root = root;
  }

  load(name: string): void {
    if (this.#publicImports.has(name)) return;
    this.#publicImports.set(name, []);
    const wellKnown = protobuf.common.get(name);
    if (wellKnown) {
      this.types.addJSON(wellKnown.nested ?? {});
      return;
    }
    this.#parse(name);
  }

  /** Public imports first, then the file itself: the order in which Kong registers the rules. */
  exposedFiles(name: string): string[] {
    const imported = this.#publicImports.get(name) ?? [];
    return [...new Set([...imported.flatMap((file) => this.exposedFiles(file)), name])];
  }

  #parse(name: string): void {
    const text = readProto(this.#root, name);
    refuseWhatKongRefuses(name, text);
    // Recorded on every service, which tells later which file declared it.
    Object.assign(protobuf.parse, { filename: name });
    const parsed = protobuf.parse(text, this.types, { keepCase: true });
    this.#publicImports.set(name, publicImports(text));
    for (const imported of [...(parsed.imports ?? []), ...(parsed.weakImports ?? [])]) this.load(imported);
  }
}

function readProto(root: string, name: string): string {
  try {
    return readFileSync(join(root, name), 'utf8');
  } catch (cause) {
    throw new ProtoFileError(`${name}: not found in the proto folder`, { cause });
  }
}

function refuseWhatKongRefuses(name: string, text: string): void {
  const code = text.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '');
  if (/^\s*edition\s*=/m.test(code)) throw new ProtoFileError(`${name}: editions are not supported`);
  const isProto3 = /^\s*syntax\s*=\s*["']proto3["']/m.test(code);
  if (isProto3 && /(^|[{};])\s*optional\s/.test(code)) {
    throw new ProtoFileError(`${name}: proto3 disallow 'optional' label`);
  }
}

function publicImports(text: string): string[] {
  return [...text.matchAll(/^\s*import\s+public\s+"([^"]+)"/gm)].map((match) => match[1] ?? '');
}

function endpointsOf(types: protobuf.Root, file: string, compiler: SpecCompiler): Endpoint[] {
  return servicesOf(types)
    .filter((service) => service.filename === file)
    .flatMap((service) => service.methodsArray.flatMap((method) => endpointsOfMethod(method, compiler)));
}

function endpointsOfMethod(method: protobuf.Method, compiler: SpecCompiler): Endpoint[] {
  const { resolvedRequestType, resolvedResponseType, parent } = method;
  if (!resolvedRequestType || !resolvedResponseType) return [];
  return bindingsOf(method).map((binding) => ({
    binding,
    rpcPath: `/${parent?.fullName.replace(/^\./, '')}/${method.name}`,
    input: compiler.compile(resolvedRequestType),
    output: compiler.compile(resolvedResponseType),
  }));
}

function servicesOf(namespace: protobuf.NamespaceBase): protobuf.Service[] {
  return namespace.nestedArray.flatMap((nested) => {
    if (nested instanceof protobuf.Service) return [nested];
    return nested instanceof protobuf.Namespace ? servicesOf(nested) : [];
  });
}

function byMethod(all: readonly Endpoint[]): Map<string, Endpoint[]> {
  const endpoints = new Map<string, Endpoint[]>();
  for (const endpoint of all) {
    const list = endpoints.get(endpoint.binding.method) ?? [];
    endpoints.set(endpoint.binding.method, [...list, endpoint]);
  }
  return endpoints;
}
