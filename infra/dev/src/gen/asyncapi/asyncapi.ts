import type { FileRegistry } from '@bufbuild/protobuf';
import { commentOf } from '../openapi/comments.ts';
import type { Json } from '../openapi/openapi-rules.ts';
import { restText } from '../openapi/openapi-schema.ts';
import { CONSUMERS, consumersOf } from './consumers.ts';
import type { Example } from './examples.ts';
import { HEADERS } from './headers.ts';
import { type StreamMessage, streamMessages } from './messages.ts';
import { PayloadSchemas } from './payload-schema.ts';

const DESCRIPTION = `Everything that the services tell each other over NATS JetStream: facts, and the few commands. A stream for each publisher
(\`AUTH\`, \`RESERVAS\`, \`PAGAMENTOS\`, \`NOTIFICACOES\`), a subject for each message. Delivered at least once: \`ce-id\` is what to tell doubles by.
What a consumer gave up is in the stream \`DLQ\`, at \`dlq.<consumer>.<subject>\`. Generated from the contracts; do not edit.`;

const SERVICES = ['auth', 'reservas', 'pagamentos', 'notificacoes'];

/** The AsyncAPI 3 document of all messages of the streams, as a file `plataforma.json`. */
export function asyncapiDocument(registry: FileRegistry, examples: Readonly<Record<string, Example>>): Json {
  const schemas = new PayloadSchemas(registry);
  const messages = streamMessages(registry);
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'Plataforma de Reservas: events',
      version: 'v1',
      description: DESCRIPTION,
      license: { name: 'MIT' },
      tags: [
        ...SERVICES.map((name) => ({ name, description: `Of the service ${name}.` })),
        { name: 'fato', description: 'Tells what has happened.' },
        { name: 'comando', description: 'Asks one service to do something.' },
      ],
    },
    defaultContentType: 'application/json',
    servers: {
      local: { host: '127.0.0.1:4222', protocol: 'nats', description: 'NATS of a local stack' },
    },
    channels: entries(messages, ({ type }) => ({
      address: type,
      messages: { [type]: { $ref: `#/components/messages/${type}` } },
    })),
    operations: Object.fromEntries(messages.flatMap(operationsOf)),
    components: {
      messages: entries(messages, (one) => messageOf(one, schemas, examples[one.type])),
      messageTraits: { cloudEvent: { headers: HEADERS } },
      schemas: schemas.schemas(),
    },
  };
}

function entries(messages: readonly StreamMessage[], value: (message: StreamMessage) => Json): Json {
  return Object.fromEntries(messages.map((message) => [message.type, value(message)]));
}

function messageOf(
  { type, message, publisher, command }: StreamMessage,
  schemas: PayloadSchemas,
  example?: Example,
) {
  const description = restText(commentOf(message));
  return {
    name: type,
    title: message.name,
    summary: description.split(/(?<=\.) /)[0],
    description,
    tags: [{ name: publisher }, { name: command ? 'comando' : 'fato' }],
    contentType: 'application/json',
    payload: schemas.reference(message),
    traits: [{ $ref: '#/components/messageTraits/cloudEvent' }],
    ...(example && { examples: [{ name: 'recorded', ...example }] }),
  };
}

/** One for the service that sends it, one for each durable consumer that takes it. */
function operationsOf({ type, message, publisher, command }: StreamMessage): [string, Json][] {
  const channel = { $ref: `#/channels/${type}` };
  const messages = [{ $ref: `#/channels/${type}/messages/${type}` }];
  const verb = command ? 'asks by' : 'tells of';
  const send = {
    action: 'send',
    channel,
    title: `${publisher} ${verb} ${message.name}`,
    tags: [{ name: publisher }],
    messages,
  };
  return [
    [`${publisher}.envia.${type}`, send],
    ...consumersOf(type).map((durable): [string, Json] => [
      `${durable}.recebe.${type}`,
      {
        action: 'receive',
        channel,
        title: `${durable} takes ${message.name}`,
        tags: [{ name: CONSUMERS[durable]?.service ?? durable }],
        bindings: { nats: { queue: durable } },
        messages,
      },
    ]),
  ];
}
