import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, type DescMessage, type DescMethodUnary, type MessageInitShape } from '@bufbuild/protobuf';
import type { Code } from '@connectrpc/connect';
import { codeToString } from '@connectrpc/connect/protocol-connect';
import { type ConsumerPact as Core, makeConsumerPact } from '@pact-foundation/pact-core';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import { decodeEvent, eventMeta, toNatsHeaders } from '@plataforma/runtime/event-message';
import { startBridge } from './bridge.ts';
import { fieldsOf, noting, type Paths } from './reads.ts';
import { chosenByProvider, regex, type Template, templateOf } from './template.ts';

/** Of the specification of Pact, as its core numbers them. */
const VERSION_4 = 5;
const JSON_TYPE = 'application/json';

/** An event that a consumer hears. */
export interface HeardEvent<S extends DescMessage = DescMessage> {
  readonly schema: S;
  /** What the consumer needs of it. */
  readonly needs: MessageInitShape<S>;
  /** What must have happened for the event to be like this. */
  readonly given?: string;
  /** What the consumer looks at besides, and can do without: `valor.centavos`. Flags that may not be set need no mention. */
  readonly mayLack?: readonly string[];
  /** Of its aggregate. */
  readonly versao?: number;
}

/** How what a consumer asks for differs from what it looks at: it ought not to. */
interface Difference {
  readonly readUnasked: readonly string[];
  readonly askedUnread: readonly string[];
}

/** What a pact says where a consumer asks for what it looks at, and for nothing else. */
export const EXACT: Difference = { readUnasked: [], askedUnread: [] };

/** A call that a consumer makes. */
interface MadeCall<M extends DescMethodUnary> {
  readonly method: M;
  /** What must have happened for the call to be answered like this. */
  readonly given: string;
  readonly request: MessageInitShape<M['input']>;
  /** Fields of the request whose value only the provider knows; the state gives it under the name of the field. */
  readonly chosen?: readonly string[];
  /** Whether the consumer shows a token; the state gives it as `token`. */
  readonly withToken?: boolean;
  readonly answer: MessageInitShape<M['output']> | { readonly code: Code; readonly status: number };
}

/** What one service needs of another, noted while its own code gets it. */
export class ConsumerPact {
  readonly #consumer: string;
  readonly #provider: string;
  readonly #folder: string;
  readonly #heard = new Set<string>();

  private constructor(consumer: string, provider: string, folder: string) {
    this.#consumer = consumer;
    this.#provider = provider;
    this.#folder = folder;
  }

  static async between(consumer: string, provider: string): Promise<ConsumerPact> {
    return new ConsumerPact(consumer, provider, await mkdtemp(join(tmpdir(), 'plataforma-pact-')));
  }

  /** The consumer hears the event, by its own handler; its handler's failure is the caller's. */
  async hears<S extends DescMessage>(
    { durable, on }: Pick<ConsumeOptions, 'durable' | 'on'>,
    { schema, needs, given, mayLack = [], versao = 2 }: HeardEvent<S>,
  ): Promise<Difference> {
    const subscription = on.find((one) => one.schema.typeName === schema.typeName);
    if (subscription === undefined) throw new Error(`${durable} does not hear ${schema.typeName}`);
    const example = create(schema, needs);
    const { body, headers } = this.#interaction((pact) => {
      const message = pact.newAsynchronousMessage('');
      message.expectsToReceive(`${schema.typeName} for ${durable}`);
      if (given !== undefined) message.given(given);
      message.withContents(JSON.stringify(templateOf(schema, example)), JSON_TYPE);
      for (const [name, value] of Object.entries(envelope(schema.typeName, versao)))
        message.withMetadata(name, JSON.stringify(value));
      const { contents, metadata } = JSON.parse(message.reifyMessage());
      return { body: JSON.stringify(contents.content), headers: metadata as Record<string, string> };
    });
    const read: Paths = new Set();
    const meta = eventMeta({
      ...{ subject: schema.typeName, headers: toNatsHeaders(headers), time: new Date(), seq: 1 },
      info: { stream: '', deliveryCount: 1 },
    });
    await subscription.handle(noting(schema, decodeEvent(schema, body), read), meta);
    this.#heard.add(heardAs(durable, schema));
    const { present, flags } = fieldsOf(schema, example);
    const without = new Set([...present, ...flags, ...mayLack]);
    return {
      readUnasked: [...read].filter((path) => !without.has(path)).sort(),
      askedUnread: [...present, ...mayLack].filter((path) => !read.has(path)).sort(),
    };
  }

  /** Which events of the provider these consumers hear that the pact does not know of. */
  missing(consumers: readonly Pick<ConsumeOptions, 'durable' | 'stream' | 'on'>[]): string[] {
    return consumers
      .filter(({ stream }) => stream === this.#provider.toUpperCase())
      .flatMap(({ durable, on }) => on.map(({ schema }) => heardAs(durable, schema)))
      .filter((one) => !this.#heard.has(one));
  }

  /** The consumer calls, by its own client over gRPC, with `call`; answers what it made of the answer. */
  async calls<M extends DescMethodUnary, T>(
    { method, given, request, chosen = [], withToken = false, answer }: MadeCall<M>,
    call: (address: string) => Promise<T>,
  ): Promise<T> {
    const pact = this.#core();
    const interaction = pact.newInteraction('');
    interaction.uponReceiving(`${method.parent.typeName}/${method.name}`);
    interaction.given(given);
    interaction.withRequest('POST', `/${method.parent.typeName}/${method.name}`);
    interaction.withRequestHeader('connect-protocol-version', 0, '1');
    if (withToken)
      interaction.withRequestHeader(
        'authorization',
        0,
        JSON.stringify(chosenByProvider('token', 'eyJ', 'Bearer ')),
      );
    const asked = templateOf(method.input, create(method.input, request));
    for (const field of chosen) asked[field] = chosenByProvider(field, String(Reflect.get(request, field)));
    interaction.withRequestBody(JSON.stringify(asked), JSON_TYPE);
    const { status, body } = answerOf(method, answer);
    interaction.withStatus(status);
    interaction.withResponseBody(JSON.stringify(body), JSON_TYPE);
    const port = pact.createMockServer('127.0.0.1', 0);
    const bridge = await startBridge(method.parent, `http://127.0.0.1:${port}`);
    try {
      const made = await call(bridge.address);
      const mismatches = pact.mockServerMismatches(port);
      if (!pact.mockServerMatchedSuccessfully(port))
        throw new Error(`the call is another one: ${JSON.stringify(mismatches, null, 2)}`);
      pact.writePactFile(this.#folder);
      return made;
    } finally {
      await bridge.close();
      pact.cleanupMockServer(port);
    }
  }

  /** All of it, as a file of Pact. */
  async text(): Promise<string> {
    const [file = ''] = await readdir(this.#folder);
    return `${JSON.stringify(JSON.parse(await readFile(join(this.#folder, file), 'utf8')), null, 2)}\n`;
  }

  close(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }

  #core(): Core {
    return makeConsumerPact(this.#consumer, this.#provider, VERSION_4, 'error');
  }

  #interaction<T>(describe: (pact: Core) => T): T {
    const pact = this.#core();
    const described = describe(pact);
    pact.writePactFile(this.#folder);
    return described;
  }
}

const heardAs = (durable: string, { typeName }: DescMessage) => `${typeName} for ${durable}`;

/** The headers that every consumer reads, see `eventMeta` of the runtime. */
const envelope = (type: string, versao: number): Template => ({
  'ce-id': regex(/^.+$/, 'evento-1'),
  'ce-type': type,
  'ce-time': regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, '2026-12-01T12:00:00Z'),
  'agregado-id': regex(/^.+$/, 'agregado-1'),
  'agregado-versao': regex(/^\d+$/, String(versao)),
});

function answerOf<M extends DescMethodUnary>(method: M, answer: MadeCall<M>['answer']) {
  if (isFailure(answer)) return { status: answer.status, body: { code: codeToString(answer.code) } };
  const example = create(method.output, answer as MessageInitShape<M['output']>);
  return { status: 200, body: templateOf(method.output, example) };
}

const isFailure = (answer: object): answer is { code: Code; status: number } =>
  'status' in answer && 'code' in answer;
