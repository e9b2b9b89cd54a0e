import type { DescEnum, DescField, DescMessage, FileRegistry } from '@bufbuild/protobuf';
import { ScalarType } from '@bufbuild/protobuf';
import {
  fieldNamed,
  isInstant,
  type RestPackage,
  type RestRpc,
  type RestService,
  reachableTypes,
  requestTypes,
  restPackages,
  shortValueName,
} from '../contracts.ts';
import { type Binding, renameVariables } from '../http-rule.ts';
import type { OutputTree } from '../output-tree.ts';
import { inMatchingOrder, KongLintError, lintForKong } from './kong-lint.ts';

const SHARED = 'comum';
const HEADER = [
  '// Generated from proto/ by `npm run gen`; do not edit.',
  '//',
  "// What Kong's grpc-gateway loads. Field numbers are those of the contract and so is the wire, but for instants; names",
  '// differ, because the plugin copies them into the JSON: lowerCamelCase fields, enum values without prefix.',
  '// The instants of requests are texts here: the services read them, more strictly than the plugin would (ADR-020).',
  '// proto2 with `optional` keeps "absent" and "zero" apart in both directions. No option but the HTTP one: any option',
  "// on a field makes the plugin's parser turn its default into a text.",
];

/**
 * Writes the copies of the contracts that Kong loads: one file per package with REST RPCs, plus the shared types.
 *
 * @param folder where the files go, relative to the repository root
 * @throws KongLintError listing everything that Kong could not do
 */
export function generateKong(registry: FileRegistry, folder: string): OutputTree {
  const packages = restPackages(registry);
  const problems = packages.flatMap(lintForKong);
  if (problems.length > 0) throw new KongLintError([...new Set(problems)]);
  const tree: OutputTree = new Map();
  // `lintForKong` has seen to it that no message with an instant is answered as well.
  const sent = new Set(packages.flatMap(({ services }) => requestTypes(services)));
  for (const restPackage of packages)
    tree.set(`${folder}/${restPackage.name}.proto`, printPackage(restPackage, sent));
  const shared = sharedTypes(packages);
  const [first] = shared;
  if (first !== undefined)
    tree.set(
      `${folder}/${SHARED}.proto`,
      printFile({
        packageName: first.file.proto.package,
        imports: typeImports(shared, true, sent),
        types: shared,
        services: [],
        sent,
      }),
    );
  return tree;
}

function sharedTypes(packages: readonly RestPackage[]): (DescMessage | DescEnum)[] {
  const types = packages.flatMap((restPackage) => reachableTypes(restPackage.services)).filter(isShared);
  return [...new Set(types)];
}

function isShared(type: DescMessage | DescEnum): boolean {
  return type.typeName.startsWith(`${SHARED}.`);
}

type Sent = ReadonlySet<DescMessage | DescEnum>;

function printPackage({ packageName, services }: RestPackage, sent: Sent): string {
  const types = reachableTypes(services);
  const own = types.filter((type) => type.file.proto.package === packageName);
  return printFile({ packageName, imports: typeImports(types, false, sent), types: own, services, sent });
}

function typeImports(
  types: readonly (DescMessage | DescEnum)[],
  insideShared: boolean,
  sent: Sent,
): string[] {
  const timestamp = types.some((type) => !sent.has(type) && usesTimestamp(type));
  return [
    ...(!insideShared && types.some(isShared) ? [`${SHARED}.proto`] : []),
    ...(timestamp ? ['google/protobuf/timestamp.proto'] : []),
  ];
}

function usesTimestamp(type: DescMessage | DescEnum): boolean {
  return type.kind === 'message' && type.fields.some(isInstant);
}

/** One file of copies. */
interface KongFile {
  readonly packageName: string;
  readonly imports: readonly string[];
  readonly types: readonly (DescMessage | DescEnum)[];
  readonly services: readonly RestService[];
  /** What callers send, here and in other files. */
  readonly sent: Sent;
}

function printFile({ packageName, imports, types, services, sent }: KongFile): string {
  const topLevel = types.filter((type) => type.parent === undefined);
  const blocks = [
    HEADER,
    ['syntax = "proto2";'],
    [`package ${packageName};`],
    imports.map((path) => `import "${path}";`),
    ...services.map(printService),
    ...topLevel.map((type) => printType(type, types, sent)),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

function printService({ service, rpcs }: RestService): string[] {
  return [`service ${service.name} {`, ...indent(inMatchingOrder(rpcs).flatMap(printRpc)), '}'];
}

function printRpc({ rpc, rule }: RestRpc): string[] {
  const scope = rpc.parent.file.proto.package;
  const [first, ...additional] = rule.bindings.map((binding) => printBinding(rpc.input, binding));
  return [
    `rpc ${rpc.name}(${nameIn(scope, rpc.input)}) returns (${nameIn(scope, rpc.output)}) {`,
    '  option (google.api.http) = {',
    ...indent(indent(first ?? [])),
    ...additional.flatMap((lines) => [
      '    additional_bindings {',
      ...indent(indent(indent(lines))),
      '    }',
    ]),
    '  };',
    '}',
  ];
}

function printBinding(input: DescMessage, { verb, template, body }: Binding): string[] {
  const camel = (name: string): string => fieldNamed(input, name)?.jsonName ?? name;
  const path = renameVariables(template, camel);
  return [`${verb}: "${path}"`, ...(body === '' ? [] : [`body: "${body === '*' ? body : camel(body)}"`])];
}

type Wanted = readonly (DescMessage | DescEnum)[];

function printType(type: DescMessage | DescEnum, wanted: Wanted, sent: Sent): string[] {
  return type.kind === 'enum' ? printEnum(type) : printMessage(type, wanted, sent);
}

function printMessage(message: DescMessage, wanted: Wanted, sent: Sent): string[] {
  const nested = [...message.nestedEnums, ...message.nestedMessages].filter((type) => wanted.includes(type));
  // Oneofs are left out: their members are plain optional fields, otherwise the JSON gains a key for the oneof itself.
  const fields = message.fields.map((field) => printField(field, sent.has(message)));
  const body = [...fields, ...nested.flatMap((type) => printType(type, wanted, sent))];
  return body.length === 0
    ? [`message ${message.name} {}`]
    : [`message ${message.name} {`, ...indent(body), '}'];
}

function printField(field: DescField, isSent: boolean): string {
  const type = isSent && isInstant(field) ? 'string' : elementType(field);
  if (field.fieldKind === 'map')
    return `map<${scalarName(field.mapKey)}, ${type}> ${field.jsonName} = ${field.number};`;
  return `${field.fieldKind === 'list' ? 'repeated' : 'optional'} ${type} ${field.jsonName} = ${field.number};`;
}

function elementType(field: DescField): string {
  const scope = field.parent.file.proto.package;
  if (field.message !== undefined) return nameIn(scope, field.message);
  if (field.enum !== undefined) return nameIn(scope, field.enum);
  return scalarName(field.scalar as ScalarType);
}

function scalarName(type: ScalarType): string {
  return ScalarType[type].toLowerCase();
}

function nameIn(scope: string, type: DescMessage | DescEnum): string {
  return type.typeName.startsWith(`${scope}.`) ? type.typeName.slice(scope.length + 1) : type.typeName;
}

function printEnum(type: DescEnum): string[] {
  // Second names of a number would need an option.
  const values = type.values.filter((value) => type.value[value.number] === value);
  return [
    `enum ${type.name} {`,
    ...indent(values.map((value) => `${shortValueName(value)} = ${value.number};`)),
    '}',
  ];
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
