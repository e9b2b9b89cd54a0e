import { randomUUID } from 'node:crypto';
import { create, type DescMessage, type MessageInitShape, toJsonString } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UsuarioAtualizadoSchema, UsuarioRemovidoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { eventually } from '@plataforma/testing/eventually';
import { type NatsServer, startNats } from '@plataforma/testing/servers/nats';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { failureOf } from '../../test/failure-of.ts';
import { bearer, type Listeners, startListeners } from '../../test/listeners.ts';
import { createRuntimeDatabase, type RuntimeDatabase } from '../../test/runtime-database.ts';
import { connectEventBus, type EventBus } from '../events/event-bus.ts';
import { type EventMeta, eventHeaders } from '../events/event-message.ts';
import { PostgresEndedSessions } from './ended-sessions.ts';

describe('sessions that have ended', () => {
  let database: RuntimeDatabase;
  let dataSource: DataSource;
  let nats: NatsServer;
  let bus: EventBus;
  let listeners: Listeners;

  beforeAll(async () => {
    database = await createRuntimeDatabase();
    ({ dataSource } = database);
    nats = await startNats();
    bus = await connectEventBus({ servers: nats.url, name: 'teste', logger: pino({ level: 'silent' }) });
    await bus.ensureStream('AUTH', ['auth.v1.>']);
    const endedSessions = new PostgresEndedSessions(dataSource);
    bus.consume(endedSessions.consumer('teste'));
    listeners = await startListeners({ endedSessions });
  });

  afterAll(async () => {
    await listeners?.close();
    await bus?.close();
    await nats?.stop();
    await database?.drop();
  });

  async function announce<S extends DescMessage>(
    schema: S,
    message: MessageInitShape<S> & { usuarioId: string },
    criadoEm = new Date(),
  ): Promise<void> {
    const id = randomUUID();
    const agregado = { tipo: 'usuario', id: message.usuarioId, versao: 2 };
    const assunto = schema.typeName;
    const payload = toJsonString(schema, create(schema, message));
    const headers = eventHeaders({ id, assunto, agregado, criadoEm, cabecalhos: {} });
    await bus.publish({ id, subject: assunto, payload, headers });
  }

  const rows = (id: string) =>
    dataSource.query('select geracao from sessoes_encerradas where usuario_id = $1', [id]);

  const noted = (id: string) => eventually(async () => expect(await rows(id)).toHaveLength(1));

  const token = (sub: string, ger?: number) =>
    listeners.issuer.token({ sub, papeis: ['CLIENTE'], ...(ger !== undefined && { ger }) });

  const ended = { code: 'Unauthenticated', motivo: 'TOKEN_INVALIDO' };

  it.each(['grpc', 'http'] as const)(
    'make nothing lasting on the %s listener, a later one does',
    async (which) => {
      const sub = `cli_${which}`;
      const call = async (ger?: number) =>
        listeners[which].gravar({ value: 'a' }, bearer(await token(sub, ger)));
      await call();
      await announce(UsuarioAtualizadoSchema, { usuarioId: sub, ativo: true, geracaoSessoes: 3 });
      await noted(sub);
      for (const ger of [undefined, 1, 2]) expect(await failureOf(call(ger))).toMatchObject(ended);
      expect((await call(3)).value).toBe('a');
    },
  );

  it('may still read, and so may everybody else do everything', async () => {
    await announce(UsuarioAtualizadoSchema, { usuarioId: 'cli_a', ativo: false, geracaoSessoes: 2 });
    await noted('cli_a');
    expect((await listeners.grpc.ler({ value: 'a' }, bearer(await token('cli_a')))).value).toBe('a');
    expect((await listeners.grpc.gravar({ value: 'a' }, bearer(await token('cli_b')))).value).toBe('a');
    const servico = await listeners.issuer.token({ sub: 'reservas', tipo: 'servico' });
    expect((await listeners.grpc.administrar({ value: 'a' }, bearer(servico))).value).toBe('a');
  });

  it('stay ended when older news come later', async () => {
    await announce(UsuarioAtualizadoSchema, { usuarioId: 'cli_c', ativo: false, geracaoSessoes: 5 });
    await noted('cli_c');
    await announce(UsuarioAtualizadoSchema, { usuarioId: 'cli_c', ativo: true, geracaoSessoes: 4 });
    await announce(UsuarioRemovidoSchema, { usuarioId: 'cli_d' });
    await noted('cli_d');
    expect(await rows('cli_c')).toEqual([{ geracao: 5 }]);
    expect(
      await failureOf(listeners.grpc.gravar({ value: 'a' }, bearer(await token('cli_d', 999)))),
    ).toMatchObject(ended);
  });

  it('are remembered from the newest of what was heard about them on', async () => {
    const earlier = new Date(Date.now() - 19 * 60_000);
    const recent = async (id: string) => {
      const [row] = await dataSource.query(
        "select em > now() - interval '5 minutes' as recent from sessoes_encerradas where usuario_id = $1",
        [id],
      );
      return row.recent;
    };
    await announce(UsuarioAtualizadoSchema, { usuarioId: 'cli_h', ativo: true, geracaoSessoes: 2 }, earlier);
    await announce(UsuarioAtualizadoSchema, { usuarioId: 'cli_h', ativo: true, geracaoSessoes: 3 });
    await eventually(async () => expect(await rows('cli_h')).toEqual([{ geracao: 3 }]));
    expect(await recent('cli_h')).toBe(true);
    await announce(UsuarioAtualizadoSchema, { usuarioId: 'cli_h', ativo: true, geracaoSessoes: 4 }, earlier);
    await eventually(async () => expect(await rows('cli_h')).toEqual([{ geracao: 4 }]));
    expect(await recent('cli_h')).toBe(true);
  });

  it('are none when an account is changed and its sessions go on', async () => {
    const [changed] = new PostgresEndedSessions(dataSource).consumer('teste').on;
    const event = create(UsuarioAtualizadoSchema, { usuarioId: 'cli_i', ativo: true, geracaoSessoes: 1 });
    await changed?.handle(event, { ocorridoEm: new Date() } as EventMeta);
    expect(await rows('cli_i')).toEqual([]);
  });

  it('are remembered no longer than their tokens live', async () => {
    await dataSource.query(
      `insert into sessoes_encerradas values ('cli_e', 2, now() - interval '21 minutes'),
         ('cli_k', 2, now() - interval '19 minutes')`,
    );
    const old = new Date(Date.now() - 21 * 60_000);
    await announce(UsuarioAtualizadoSchema, { usuarioId: 'cli_f', ativo: true, geracaoSessoes: 2 }, old);
    await announce(UsuarioAtualizadoSchema, { usuarioId: 'cli_g', ativo: true, geracaoSessoes: 2 });
    await noted('cli_g');
    await eventually(async () => expect(await rows('cli_e')).toEqual([]));
    expect(await rows('cli_f')).toEqual([]);
    expect(await rows('cli_k')).toHaveLength(1);
  });
});
