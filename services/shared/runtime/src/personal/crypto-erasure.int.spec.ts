import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import {
  file_auth_v1_eventos,
  type UsuarioRegistrado,
  UsuarioRegistradoSchema,
} from '@plataforma/contratos/auth/v1/eventos_pb';
import { eventually } from '@plataforma/testing/eventually';
import { type NatsServer, startNats } from '@plataforma/testing/servers/nats';
import { type Logger, pino } from 'pino';
import { createRuntimeDatabase, type RuntimeDatabase } from '../../test/runtime-database.ts';
import { replayDeadLetters } from '../events/dead-letter-replay.ts';
import { connectEventBus, type EventBus } from '../events/event-bus.ts';
import { type OpensPersonal, on, PermanentError } from '../events/event-message.ts';
import { appendToOutbox, integrationEvent } from '../outbox/outbox.ts';
import { OutboxRelay } from '../outbox/outbox-relay.ts';
import { PersonalKeysUnavailableError, PersonalKeyUnreadableError } from './personal-keys.ts';
import { createSeal } from './sealing.ts';

const ANA = {
  usuarioId: 'cli_ana',
  nome: 'Ana Conceição',
  email: 'ana@exemplo.com',
  codigoVerificacao: 'c0d1g0',
};
const IN_CLEAR = /Ana|Concei|ana@|exemplo\.com|c0d1g0/;

describe('an event with personal data', () => {
  let database: RuntimeDatabase;
  let server: NatsServer;
  let bus: EventBus;
  let relay: OutboxRelay;
  let logged: string;
  let logger: Logger;
  const people = new Map<string, Buffer>();
  let away: boolean;
  let consumers = 0;
  const keys = {
    async keyOf(personId: string) {
      if (away) throw new PersonalKeysUnavailableError('away');
      return people.get(personId);
    },
  };

  beforeAll(async () => {
    [database, server] = await Promise.all([createRuntimeDatabase(), startNats()]);
  });

  beforeEach(async () => {
    logged = '';
    const write = (line: string) => {
      logged += line;
    };
    logger = pino({ level: 'trace' }, { write });
    away = false;
    people.set('cli_ana', randomBytes(32));
    bus = await connectEventBus({ servers: server.url, name: 'teste', logger });
    await bus.ensureStream('AUTH', ['auth.v1.>']);
    const seal = createSeal([file_auth_v1_eventos], { keys, withoutKeys: 'WAITS' });
    relay = new OutboxRelay({ ...database, bus, logger, seal, pollMs: 50 });
    await relay.start();
  });

  afterEach(async () => {
    await relay.stop();
    const { streams } = await manager();
    for await (const { config } of streams.list()) await streams.delete(config.name);
    await bus.close();
    await database.dataSource.query('truncate outbox');
  });

  afterAll(async () => {
    await server.stop();
    await database.drop();
  });

  const manager = () => jetstreamManager(bus.connection(), { checkAPI: false });

  const announce = (event: MessageInitShape<typeof UsuarioRegistradoSchema> = ANA) =>
    database.dataSource.transaction((tx) =>
      appendToOutbox(tx, [
        integrationEvent(UsuarioRegistradoSchema, event, {
          tipo: 'usuario',
          id: event.usuarioId ?? '',
          versao: 1,
        }),
      ]),
    );

  const allSent = () =>
    eventually(async () => {
      const rows = await database.dataSource.query('select enviado_em from outbox');
      expect(rows).toEqual([{ enviado_em: expect.any(Date) }]);
    });

  /** Every byte that any stream has, headers and bodies. */
  async function streamed(): Promise<string> {
    const { streams } = await manager();
    let everything = '';
    for await (const { config, state } of streams.list())
      for (let seq = state.first_seq; seq > 0 && seq <= state.last_seq; seq++) {
        const message = await streams.getMessage(config.name, { seq });
        if (message === null) continue;
        const headers = [...(message.header ?? [])].map(([name, values]) => `${name}: ${values}`);
        everything += [message.subject, ...headers, message.string(), ''].join('\n');
      }
    return everything;
  }

  const stored = async () => JSON.stringify(await database.dataSource.query('select * from outbox'));

  function consume(
    personal: OpensPersonal | undefined,
    handle: (event: UsuarioRegistrado) => void = () => {},
  ) {
    const heard: UsuarioRegistrado[] = [];
    bus.consume({
      ...{
        stream: 'AUTH',
        durable: `teste-${++consumers}`,
        filter: 'auth.v1.>',
        backoffMs: [],
        giveBackMs: 50,
      },
      on: [
        on(
          UsuarioRegistradoSchema,
          async (event) => {
            heard.push(event);
            handle(event);
          },
          personal,
        ),
      ],
    });
    return heard;
  }

  it('is in clear in no stream and, once it has left, in no outbox; its consumer reads it', async () => {
    const heard = consume({ keys, erased: 'PASSED_OVER' });
    await announce();
    await allSent();
    await eventually(() => expect(heard).toMatchObject([ANA]));
    expect(await streamed()).toContain('auth.v1.UsuarioRegistrado');
    expect(await streamed()).not.toMatch(IN_CLEAR);
    expect(await stored()).not.toMatch(IN_CLEAR);
    expect(logged).not.toMatch(IN_CLEAR);
  });

  it('cannot be read by anybody, wherever it is, once the key is destroyed', async () => {
    await announce();
    await allSent();
    people.delete('cli_ana');
    const passed = consume({ keys, erased: 'PASSED_OVER' });
    const handled = consume({ keys, erased: 'HANDLED' });
    await eventually(() => expect(handled).toMatchObject([{ usuarioId: 'cli_ana', nome: '', email: '' }]));
    await pause(100);
    expect(passed).toEqual([]);
    expect(await streamed()).not.toMatch(IN_CLEAR);
  });

  it('that waited for the broker leaves without it when the key is destroyed meanwhile', async () => {
    people.delete('cli_ana');
    await announce();
    await allSent();
    expect(await stored()).not.toMatch(IN_CLEAR);
    const handled = consume({ keys, erased: 'HANDLED' });
    await eventually(() => expect(handled).toMatchObject([{ usuarioId: 'cli_ana', nome: '', email: '' }]));
    expect(await streamed()).not.toMatch(IN_CLEAR);
  });

  it('is a dead letter as it came, and is understood when it is sent again', async () => {
    let broken = true;
    const heard = consume({ keys, erased: 'PASSED_OVER' }, () => {
      if (broken) throw new PermanentError('cannot be handled');
    });
    await announce();
    await eventually(async () => expect(await streamed()).toContain('dlq.teste-'));
    expect(await streamed()).not.toMatch(IN_CLEAR);
    expect(logged).not.toMatch(IN_CLEAR);
    broken = false;
    await replayDeadLetters(bus);
    await eventually(() => expect(heard).toMatchObject([ANA, ANA]));
  });

  it('waits for the keys while nobody can be asked, on its way out and in, and is no dead letter', async () => {
    away = true;
    await announce();
    await pause(300);
    expect(await streamed()).toBe('');
    away = false;
    await allSent();
    away = true;
    const heard = consume({ keys, erased: 'PASSED_OVER' });
    await pause(300);
    expect(heard).toEqual([]);
    away = false;
    await eventually(() => expect(heard).toMatchObject([ANA]));
    expect(await streamed()).not.toContain('dlq.');
  });

  it('whose key cannot be read is a dead letter, and those about others go on', async () => {
    people.set('cli_bia', randomBytes(32));
    await announce({ ...ANA, usuarioId: 'cli_bia' });
    await allSent();
    await announce();
    const semBia = {
      async keyOf(personId: string) {
        if (personId === 'cli_bia') throw new PersonalKeyUnreadableError('unreadable');
        return people.get(personId);
      },
    };
    const heard = consume({ keys: semBia, erased: 'PASSED_OVER' });
    await eventually(() => expect(heard).toMatchObject([ANA]));
    await eventually(async () => expect(await streamed()).toContain('dlq.teste-'));
    expect(await streamed()).not.toMatch(IN_CLEAR);
  });

  it('needs no key of a consumer that reads nothing of it', async () => {
    await announce();
    await allSent();
    away = true;
    const heard = consume(undefined);
    await eventually(() => expect(heard).toMatchObject([{ usuarioId: 'cli_ana', nome: '', email: '' }]));
  });
});
