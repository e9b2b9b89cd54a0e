import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createFileRegistry,
  type DescEnum,
  type DescField,
  type DescMessage,
  type DescMethod,
  type DescService,
  type FileRegistry,
  fromBinary,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema, MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import { buf } from './buf.ts';
import { type HttpRule, httpRuleOf } from './http-rule.ts';

/** An RPC that can be called over REST. */
export interface RestRpc {
  readonly rpc: DescMethod;
  readonly rule: HttpRule;
}

/** A service with its REST RPCs, in the order of the contract. */
export interface RestService {
  readonly service: DescService;
  readonly rpcs: readonly RestRpc[];
}

/** One package of contracts that has REST RPCs, such as `reservas.v1`. */
export interface RestPackage {
  /** First part of the package: the name of the service that owns it and of its generated files. */
  readonly name: string;
  readonly packageName: string;
  readonly services: readonly RestService[];
}

/**
 * Builds the contracts of a buf workspace and loads their descriptors, comments included.
 *
 * @param root repository root, whose `node_modules` has buf
 * @param scratch folder for the intermediate image
 * @param workspace folder with the `buf.yaml` to build, by default the root
 * @param input what buf is to build there, by default the files of the workspace
 */
export async function loadContracts(
  root: string,
  scratch: string,
  workspace: string = root,
  input?: string,
): Promise<FileRegistry> {
  const image = join(scratch, 'contracts.binpb');
  await buf(root, ['build', ...(input ? [input] : []), '--output', image], workspace);
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, await readFile(image)));
}

/** The packages that have RPCs with a REST path, sorted by name. RPCs without one are left out. */
export function restPackages(registry: FileRegistry): RestPackage[] {
  const http = registry.getExtension('google.api.http');
  if (http === undefined) return [];
  const byPackage = new Map<string, RestService[]>();
  for (const file of registry.files) {
    for (const service of file.services) {
      const rpcs = service.methods.flatMap((rpc) => {
        const rule = httpRuleOf(rpc, http);
        return rule === undefined ? [] : [{ rpc, rule }];
      });
      const known = byPackage.get(file.proto.package) ?? [];
      if (rpcs.length > 0) byPackage.set(file.proto.package, [...known, { service, rpcs }]);
    }
  }
  return [...byPackage]
    .map(([packageName, services]) => ({ name: shortName(packageName), packageName, services }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function shortName(packageName: string): string {
  return packageName.split('.')[0] ?? packageName;
}

/**
 * Messages and enums that the REST RPCs of a package need, in the order in which they are first needed. The message
 * around a nested type is needed for its name.
 */
export function reachableTypes(services: readonly RestService[]): (DescMessage | DescEnum)[] {
  return reachable(services.flatMap(({ rpcs }) => rpcs.flatMap(({ rpc }) => [rpc.input, rpc.output])));
}

/** The part of them that callers send. */
export function requestTypes(services: readonly RestService[]): (DescMessage | DescEnum)[] {
  return reachable(services.flatMap(({ rpcs }) => rpcs.map(({ rpc }) => rpc.input)));
}

/** The part of them that is answered. */
export function responseTypes(services: readonly RestService[]): (DescMessage | DescEnum)[] {
  return reachable(services.flatMap(({ rpcs }) => rpcs.map(({ rpc }) => rpc.output)));
}

function reachable(roots: readonly DescMessage[]): (DescMessage | DescEnum)[] {
  const found = new Set<DescMessage | DescEnum>();
  const visit = (type: DescMessage | DescEnum): void => {
    if (found.has(type)) return;
    found.add(type);
    if (type.parent !== undefined) visit(type.parent);
    if (type.kind === 'message') for (const field of type.fields) for (const t of fieldTypes(field)) visit(t);
  };
  for (const root of roots) visit(root);
  return [...found];
}

function fieldTypes(field: DescField): (DescMessage | DescEnum)[] {
  return [field.message, field.enum].filter((type) => type !== undefined);
}

export const TIMESTAMP = 'google.protobuf.Timestamp';

/** Whether a field holds an instant, or a list of them. */
export function isInstant(field: DescField): boolean {
  return field.message?.typeName === TIMESTAMP;
}

export const FIELD_MASK = 'google.protobuf.FieldMask';

/** Whether a field names the fields that an update changes. */
export function isMask(field: DescField): boolean {
  return field.message?.typeName === FIELD_MASK;
}

/** Enum value without the prefix that all values of its enum share: `STATUS_RESERVA_CONFIRMADA` -> `CONFIRMADA`. */
export function shortValueName(value: DescEnum['values'][number]): string {
  return value.name.slice((value.parent.sharedPrefix ?? '').length);
}

/** The field of a message by its name in the contract. */
export function fieldNamed(message: DescMessage, name: string): DescField | undefined {
  return message.fields.find((field) => field.name === name);
}

/** Whether the contract promises that calling changes nothing. */
export function isRead(rpc: DescMethod): boolean {
  return rpc.proto.options?.idempotencyLevel === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS;
}
