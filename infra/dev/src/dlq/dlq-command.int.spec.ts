import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Mixin, MixinSchema } from '@bufbuild/protobuf/wkt';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connectEventBus, type EventBus } from '@plataforma/runtime/event-bus';
import { eventHeaders, on, PermanentError } from '@plataforma/runtime/event-message';
import { createLogger } from '@plataforma/runtime/logger';
import { eventually } from '@plataforma/testing/eventually';
import { type NatsServer, startNats } from '@plataforma/testing/servers/nats';
import { COMPILE_CACHE } from '../stack/processes/node-process.ts';
import { dlqRequest, runDlq } from './dlq-command.ts';

const SUBJECT = MixinSchema.typeName;
const COMMAND = fileURLToPath(new URL('./main.ts', import.meta.url));

let server: NatsServer;
let bus: EventBus;

beforeEach(async () => {
  server = await startNats();
  const logger = createLogger({ service: 'teste', level: 'silent' });
  bus = await connectEventBus({ servers: server.url, name: 'teste', logger });
});

afterEach(async () => {
  await bus.close();
  await server.stop();
});

async function run(words: string, options: { all?: boolean; consumer?: string } = {}): Promise<string[]> {
  const lines: string[] = [];
  await runDlq(dlqRequest(words.split(' '), options), bus, (line) => lines.push(line));
  return lines;
}

async function publish(id: string): Promise<void> {
  const agregado = { tipo: 'reserva', id: `res_${id}`, versao: 1 };
  const criadoEm = new Date('2026-11-24T12:00:00Z');
  const headers = eventHeaders({ id, assunto: SUBJECT, agregado, criadoEm, cabecalhos: {} });
  await bus.publish({ id, subject: SUBJECT, payload: JSON.stringify({ name: id }), headers });
}

/** Two events that nobody could deal with, and a consumer that by now can. */
async function buried(...ids: string[]): Promise<{ handled: string[]; stop(): Promise<void> }> {
  await bus.ensureStream('TESTE', ['google.protobuf.>']);
  const handled: string[] = [];
  let broken = true;
  const handle = async ({ name }: Mixin) => {
    if (broken) throw new PermanentError(`cannot deal with ${name}`);
    handled.push(name);
  };
  const consumer = bus.consume({
    stream: 'TESTE',
    durable: 'leitor',
    filter: 'google.protobuf.>',
    on: [on(MixinSchema, handle)],
  });
  for (const id of ids) await publish(id);
  await eventually(async () => expect((await run('list')).at(-1)).toBe(`${ids.length} dead letters`));
  broken = false;
  return { handled, stop: () => consumer.stop() };
}

describe('dlq', () => {
  it('says that there is nothing before anything was given up', async () => {
    expect(await run('list')).toEqual(['no dead letters']);
  });

  it('lists what was given up, by whom and why', async () => {
    const { stop } = await buried('a', 'b');
    const lines = await run('list');
    expect(lines).toHaveLength(5);
    const aggregates = lines.filter((line) => line.includes('reserva res_'));
    expect(aggregates[0]).toContain(`leitor  ${SUBJECT}`);
    expect(lines[1]).toContain('after 1 deliveries: PermanentError: cannot deal with');
    expect(await run('list', { consumer: 'outro' })).toEqual(['no dead letters']);
    await stop();
  });

  it('shows headers and body of one', async () => {
    const { stop } = await buried('a');
    const text = (await run('show 1')).join('\n');
    expect(text).toContain('error: PermanentError: cannot deal with a');
    expect(text).toContain('ce-id: a');
    expect(text).toContain('"name": "a"');
    await stop();
  });

  it('replays one and leaves the others', async () => {
    const { handled, stop } = await buried('a', 'b');
    const [first = ''] = await run('list');
    expect(await run('replay 1')).toEqual(['1 replayed']);
    const id = /res_(\w)/.exec(first)?.[1] ?? '';
    await eventually(() => expect(handled).toEqual([id]));
    expect((await run('list')).at(-1)).toBe('1 dead letters');
    await stop();
  });

  it('replays all of them', async () => {
    const { handled, stop } = await buried('a', 'b', 'c');
    expect(await run('replay', { all: true, consumer: 'outro' })).toEqual(['0 replayed']);
    expect(await run('replay', { all: true })).toEqual(['3 replayed']);
    await eventually(() => expect([...handled].sort()).toEqual(['a', 'b', 'c']));
    expect(await run('list')).toEqual(['no dead letters']);
    await stop();
  });

  it('drops one for good', async () => {
    const { stop } = await buried('a');
    expect(await run('drop 1')).toEqual(['1 dropped']);
    expect(await run('list')).toEqual(['no dead letters']);
    await expect(run('drop 1')).rejects.toThrow('there is no dead letter 1');
    await stop();
  });

  it.each([
    ['apaga', {}, 'unknown command "apaga"'],
    ['show', {}, '"show" wants a number'],
    ['replay', {}, '"replay" wants a number'],
    ['drop x', {}, '"x" is no number of a dead letter'],
    ['drop 1 2', {}, '"2" is one word too many'],
    ['list 1', {}, '"1" is one word too many'],
    ['replay 1', { all: true }, '"1" is one word too many'],
    ['drop 1', { all: true }, '--all belongs to "replay"'],
    ['list', { all: true }, '--all belongs to "replay"'],
    ['show 1', { consumer: 'a' }, '--consumer belongs to "list"'],
    ['list', { consumer: 'a b' }, '--consumer wants the name of a consumer'],
    ['show 7', {}, 'there is no dead letter 7'],
  ])('refuses "%s" %j and says why', async (words, options, message) => {
    await expect(run(words, options)).rejects.toThrow(message);
  });
});

describe('the program', () => {
  async function program(env: Record<string, string>, ...args: string[]) {
    const child = spawn(process.execPath, ['--conditions=source', COMMAND, ...args], {
      env: { NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
      timeout: 20_000,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk;
      });
    const [code] = await once(child, 'close');
    return { code, output };
  }

  it('answers on the standard output', async () => {
    expect(await program({ NATS_URL: server.url }, 'list')).toEqual({ code: 0, output: 'no dead letters\n' });
  });

  it('explains itself', async () => {
    const { code, output } = await program({}, '--help');
    expect(code).toBe(0);
    expect(output).toContain('replay --all');
  });

  it('fails with one clear line when it was asked for nonsense or NATS is away', async () => {
    expect(await program({ NATS_URL: server.url }, 'drop', '9')).toEqual({
      code: 1,
      output: 'dlq: there is no dead letter 9\n',
    });
    expect(await program({ NATS_URL: 'nats://127.0.0.1:9' }, 'list')).toEqual({
      code: 1,
      output: 'dlq: cannot use NATS at nats://127.0.0.1:9 (connection refused). Is "npm start" running?\n',
    });
  });
});
