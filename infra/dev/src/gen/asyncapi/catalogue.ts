import type { DescField, FileRegistry } from '@bufbuild/protobuf';
import { ScalarType } from '@bufbuild/protobuf';
import { isInstant } from '../contracts.ts';
import { commentOf } from '../openapi/comments.ts';
import { restText } from '../openapi/openapi-schema.ts';
import type { OutputTree } from '../output-tree.ts';
import { consumersOf } from './consumers.ts';
import type { Example } from './examples.ts';
import { type StreamMessage, streamMessages } from './messages.ts';
import { isPersonal } from './payload-schema.ts';

const NOTE = '<!-- Generated from proto/ by `npm run gen`; do not edit. -->';

/** Pages about all messages of the streams, one for each service that publishes, and a list of them all. */
export function generateCatalogue(
  registry: FileRegistry,
  folder: string,
  examples: Readonly<Record<string, Example>>,
): OutputTree {
  const byPublisher = Object.groupBy(streamMessages(registry), ({ publisher }) => publisher);
  const publishers = Object.keys(byPublisher).sort();
  return new Map([
    [`${folder}/README.md`, indexPage(publishers.flatMap((one) => byPublisher[one] ?? []))],
    ...publishers.map((publisher): [string, string] => [
      `${folder}/${publisher}.md`,
      page(publisher, byPublisher[publisher] ?? [], registry, examples),
    ]),
  ]);
}

function indexPage(messages: readonly StreamMessage[]): string {
  const rows = messages.map((one) => {
    const { message, publisher, command } = one;
    const link = `[\`${message.name}\`](${publisher}.md#${message.name.toLowerCase()})`;
    return `| ${link} | ${publisher} | ${command ? 'command' : 'fact'} | ${consumers(one)} |`;
  });
  return [
    '# Catalogue of events',
    '',
    NOTE,
    '',
    'Every message of the streams. How they travel, and what their headers mean, is in [events](../architecture/events.md); the same for',
    'machines is [AsyncAPI](../../gen/asyncapi/plataforma.json), which the local gateway serves at `/asyncapi.json`.',
    '',
    '| Message | From | | Consumers |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function page(
  publisher: string,
  messages: readonly StreamMessage[],
  registry: FileRegistry,
  examples: Readonly<Record<string, Example>>,
): string {
  const sections = messages.flatMap((one) => section(one, registry, examples[one.type]));
  return [`# Events of ${publisher}`, '', NOTE, '', ...sections].join('\n');
}

function section(one: StreamMessage, registry: FileRegistry, example: Example | undefined): string[] {
  const { message, command } = one;
  const fields = message.fields.map(
    (field) => `| \`${field.jsonName}\` | ${typeName(field)} | ${meaning(field, registry)} |`,
  );
  return [
    `## ${message.name}`,
    '',
    restText(commentOf(message)),
    '',
    `${command ? 'A command' : 'A fact'}. Consumers: ${consumers(one)}.`,
    '',
    '| Field | Form | Meaning |',
    '|---|---|---|',
    ...fields,
    '',
    ...(example
      ? ['```json', JSON.stringify({ headers: example.headers, data: example.payload }, null, 2), '```', '']
      : []),
  ];
}

function consumers({ type }: StreamMessage): string {
  const names = consumersOf(type).map((name) => `\`${name}\``);
  return names.length > 0 ? names.join(', ') : 'none';
}

function meaning(field: DescField, registry: FileRegistry): string {
  const text = restText(commentOf(field)).replaceAll('\n', ' ').replaceAll('|', '\\|');
  return isPersonal(registry, field) ? `${text} Sealed.` : text;
}

function typeName(field: DescField): string {
  const name = elementName(field);
  return field.fieldKind === 'list' ? `list of ${name}` : name;
}

function elementName(field: DescField): string {
  if (isInstant(field)) return 'instant';
  if (field.message) return `\`${field.message.name}\``;
  if (field.enum) return `\`${field.enum.name}\``;
  switch (field.scalar) {
    case ScalarType.STRING:
      return 'text';
    case ScalarType.BOOL:
      return 'truth value';
    case ScalarType.INT64:
    case ScalarType.UINT64:
      return 'whole number, as text';
    default:
      return 'number';
  }
}
