import { randomUUID } from 'node:crypto';
import { create, type DescMessage, type MessageInitShape, toJsonString } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  SessaoEncerradaSchema,
  UsuarioAtualizadoSchema,
  UsuarioRemovidoSchema,
} from '@plataforma/contratos/auth/v1/eventos_pb';
import { eventually } from '@plataforma/testing/eventually';
import { type NatsServer, startNats } from '@plataforma/testing/servers/nats';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { failureOf } from '../../test/failure-of.ts';
import { bearer, type Listeners, startListeners } from '../../test/listeners.ts';
import { createRuntimeDatabase, type RuntimeDatabase } from '../../test/runtime-database.ts';
import { connectEventBus, type EventBus } from '../events/event-bus.ts';
import { type EventMeta, eventHeaders } from '../events/event-message.ts';
import { EndedSessions } from './ended-sessions.ts';
import { EndedSessionsTable } from './ended-sessions-table.ts';

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
    const endedSessions = new EndedSessions();
    bus.consume(new EndedSessionsTable(dataSource).consumer('teste', endedSessions));
    listeners = await startListeners({ endedSessions, acesso: { ler: 'AUTENTICADO' } });
  });

  afterAll(async () => {
    await listeners?.close();
    await bus?.close();
    await nats?.stop();
    await database?.drop();
  });

  async function announce<S extends DescMessage>(
    schema: S,
    message: MessageInitShape<S> & { usuarioId?: string; sessaoId?: string },
    criadoEm = new Date(),
  ): Promise<void> {
    const id = randomUUID();
    const of = message.usuarioId ?? message.sessaoId ?? '';
    const agregado = { tipo: 'sobre', id: of, versao: 2 };
    const assunto = schema.typeName;
    const payload = toJsonString(schema, create(schema, message));
    const headers = eventHeaders({ id, assunto, agregado, criadoEm, cabecalhos: {} });
    await bus.publish({ id, subject: assunto, payload, headers });
  }

  const rows = (id: string) =>
    dataSource.query('select geracao from sessoes_encerradas where usuario_id = $1', [id]);

  const noted = (id: string) => eventually(async () => expect(await rows(id)).toHaveLength(1));

  const token = (sub: string, ger?: number, sid?: string) =>
    listeners.issuer.token({
      ...{ sub, papeis: ['CLIENTE'] },
      ...(ger !== undefined && { ger }),
      ...(sid !== undefined && { sid }),
    });

  const ended = { code: 'Unauthenticated', motivo: 'TOKEN_INVALIDO' };

  it.each(['grpc', 'http'] as const)(
    'of an earlier generation are over on the %s listener, for reads and changes, a later one is not',
    async (which) => {
      const sub = `cli_${which}`;
      const calls = async (ger?: number) => {
        const options = bearer(await token(sub, ger));
        return [
          () => listeners[which].gravar({ value: 'a' }, options),
          () => listeners[which].ler({ value: 'a' }, options),
        ];
      };
      for (const call of await calls()) await call();
      await announce(UsuarioAtualizadoSchema, { usuarioId: sub, ativo: true, geracaoSessoes: 3 });
      await noted(sub);
      for (const ger of [undefined, 1, 2])
        for (const call of await calls(ger)) expect(await failureOf(call())).toMatchObject(ended);
      for (const call of await calls(3)) expect((await call()).value).toBe('a');
    },
  );

  it('are over one by one, and the others of the same person go on', async () => {
    const call = async (sid: string) =>
      listeners.grpc.ler({ value: 'a' }, bearer(await token('cli_l', 1, sid)));
    await call('s1');
    await announce(SessaoEncerradaSchema, { sessaoId: 's1' });
    await eventually(async () => expect(await failureOf(call('s1'))).toMatchObject(ended));
    expect((await call('s2')).value).toBe('a');
    // The process knows it before it is stored.
    const stored = () => dataSource.query('select sessao_id from sessoes_revogadas');
    await eventually(async () => expect(await stored()).toEqual([{ sessao_id: 's1' }]));
    await announce(SessaoEncerradaSchema, { sessaoId: 's3' }, new Date(Date.now() - 21 * 60_000));
    await announce(SessaoEncerradaSchema, { sessaoId: 's4' });
    await eventually(async () => expect(await failureOf(call('s4'))).toMatchObject(ended));
    expect((await call('s3')).value).toBe('a');
  });

  it('are of people, not of everybody else', async () => {
    await announce(UsuarioAtualizadoSchema, { usuarioId: 'cli_a', ativo: false, geracaoSessoes: 2 });
    await noted('cli_a');
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
    const [changed] = new EndedSessionsTable(dataSource).consumer('teste', new EndedSessions()).on;
    const event = create(UsuarioAtualizadoSchema, { usuarioId: 'cli_i', ativo: true, geracaoSessoes: 1 });
    await changed?.handle(event, { ocorridoEm: new Date() } as EventMeta);
    expect(await rows('cli_i')).toEqual([]);
  });

  it('are none when their tokens have expired already', async () => {
    const old = new Date(Date.now() - 21 * 60_000);
    await announce(UsuarioAtualizadoSchema, { usuarioId: 'cli_f', ativo: true, geracaoSessoes: 2 }, old);
    await announce(UsuarioAtualizadoSchema, { usuarioId: 'cli_g', ativo: true, geracaoSessoes: 2 });
    await noted('cli_g');
    expect(await rows('cli_f')).toEqual([]);
  });
});
