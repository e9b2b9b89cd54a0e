import type { DescEnum, DescField, DescMessage, FileRegistry } from '@bufbuild/protobuf';
import { ScalarType } from '@bufbuild/protobuf';
import {
  fieldNamed,
  isInstant,
  type RestPackage,
  type RestRpc,
  type RestService,
  reachableTypes,
  restPackages,
  shortValueName,
} from '../contracts.ts';
import { type Binding, renameVariables } from '../http-rule.ts';
import type { OutputTree } from '../output-tree.ts';
import { inMatchingOrder, KongLintError, lintForKong } from './kong-lint.ts';
import { isDeclared, SENT_SUFFIX, sentAs, sentSuffix, type Uses, usesOf } from './kong-uses.ts';

const SHARED = 'comum';
/** The plugin takes what is no variable for an expression: so a slash at the end of a path changes nothing. */
const SLASH = '/?';
const HEADER = [
  '// Generated from proto/ by `npm run gen`; do not edit.',
  '//',
  "// What Kong's grpc-gateway loads. Field numbers are those of the contract and so is the wire of answers; names",
  '// differ, because the plugin copies them into the JSON: lowerCamelCase fields, enum values without prefix.',
  '// The instants, words and numbers of requests are texts or doubles here: the services read them, more strictly than the',
  `// plugin would (ADR-020, ADR-057). What is sent and answered is there twice, once with a name that ends in ${SENT_SUFFIX}.`,
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
  const uses = usesOf(packages);
  for (const restPackage of packages)
    tree.set(`${folder}/${restPackage.name}.proto`, printPackage(restPackage, uses));
  const shared = sharedTypes(packages).filter((type) => isDeclared(type, uses));
  const [first] = shared;
  if (first !== undefined)
    tree.set(
      `${folder}/${SHARED}.proto`,
      printFile({
        packageName: first.file.proto.package,
        imports: typeImports(shared, true, uses),
        types: shared,
        services: [],
        uses,
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

function printPackage({ packageName, services }: RestPackage, uses: Uses): string {
  const types = reachableTypes(services).filter((type) => isDeclared(type, uses));
  const own = types.filter((type) => type.file.proto.package === packageName);
  return printFile({ packageName, imports: typeImports(types, false, uses), types: own, services, uses });
}

/** `lintForKong` has seen to it that no message with an instant is both sent and answered. */
function typeImports(
  types: readonly (DescMessage | DescEnum)[],
  insideShared: boolean,
  { sent }: Uses,
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
  /** Here and in other files. */
  readonly uses: Uses;
}

function printFile({ packageName, imports, types, services, uses }: KongFile): string {
  const topLevel = types.filter((type) => type.parent === undefined);
  const blocks = [
    HEADER,
    ['syntax = "proto2";'],
    [`package ${packageName};`],
    imports.map((path) => `import "${path}";`),
    ...services.map((service) => printService(service, uses)),
    ...topLevel.flatMap((type) => printType(type, types, uses)),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

function printService({ service, rpcs }: RestService, uses: Uses): string[] {
  const lines = inMatchingOrder(rpcs).flatMap((rpc) => printRpc(rpc, uses));
  return [`service ${service.name} {`, ...indent(lines), '}'];
}

function printRpc({ rpc, rule }: RestRpc, uses: Uses): string[] {
  const scope = rpc.parent.file.proto.package;
  const [first, ...additional] = rule.bindings.map((binding) => printBinding(rpc.input, binding));
  return [
    `rpc ${rpc.name}(${nameIn(scope, rpc.input)}${sentSuffix(rpc.input, uses)}) returns (${nameIn(scope, rpc.output)}) {`,
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
  const path = `${renameVariables(template, camel)}${SLASH}`;
  return [`${verb}: "${path}"`, ...(body === '' ? [] : [`body: "${body === '*' ? body : camel(body)}"`])];
}

type Wanted = readonly (DescMessage | DescEnum)[];

/** One block of lines for each declaration. */
function printType(type: DescMessage | DescEnum, wanted: Wanted, uses: Uses): string[][] {
  return type.kind === 'enum' ? [printEnum(type)] : printMessage(type, wanted, uses);
}

/** The copy that is answered, with the types inside, and the one that is sent. */
function printMessage(message: DescMessage, wanted: Wanted, uses: Uses): string[][] {
  const nested = [...message.nestedEnums, ...message.nestedMessages].filter((type) => wanted.includes(type));
  const inside = nested.flatMap((type) => printType(type, wanted, uses)).flat();
  const suffix = sentSuffix(message, uses);
  const sent = message.fields.map((field) => printSentField(field, uses));
  // Oneofs are left out: their members are plain optional fields, otherwise the JSON gains a key for the oneof itself.
  const answered = message.fields.map((field) => printField(field, elementType(field)));
  if (suffix !== '')
    return [printBody(message.name, [...answered, ...inside]), printBody(`${message.name}${suffix}`, sent)];
  return [printBody(message.name, [...(uses.sent.has(message) ? sent : answered), ...inside])];
}

function printBody(name: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [`message ${name} {}`] : [`message ${name} {`, ...indent(lines), '}'];
}

function printSentField(field: DescField, uses: Uses): string {
  const suffix = field.message === undefined ? '' : sentSuffix(field.message, uses);
  return printField(field, sentAs(field, uses) ?? `${elementType(field)}${suffix}`);
}

function printField(field: DescField, type: string): string {
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
