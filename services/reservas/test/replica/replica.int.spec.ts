import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { createMetrics } from '@plataforma/runtime/metrics';
import { createDataSource } from '@plataforma/runtime/postgres';
import { eventually } from '@plataforma/testing/eventually';
import { type PostgresServer, startPostgres } from '@plataforma/testing/servers/postgres';
import { type PostgresReplica, startPostgresReplica } from '@plataforma/testing/servers/postgres-replica';
import { DataSource } from 'typeorm';
import { Leituras } from '../../src/replica/leituras.ts';
import { migrated, newId } from '../reservas-fixture.ts';
import { failure, startReservas } from '../reservas-under-test.ts';

let primario: PostgresServer;
let replica: PostgresReplica;
let naReplica: DataSource;
let sut: Awaited<ReturnType<typeof startReservas>>;

beforeAll(async () => {
  primario = await startPostgres({ durable: false });
  const database = await migrated(await primario.createDatabase('reservas'));
  replica = await startPostgresReplica(primario);
  naReplica = await new DataSource({ type: 'postgres', url: replica.url('reservas') }).initialize();
  sut = await startReservas({ database, replicaUrl: replica.url('reservas') });
}, 60_000);

afterEach(async () => {
  if (naReplica?.isInitialized) await naReplica.query('select pg_wal_replay_resume()');
});

afterAll(async () => {
  await sut?.close();
  if (naReplica?.isInitialized) await naReplica.destroy();
  await replica?.stop();
  await primario?.stop();
}, 60_000);

const ADMIN = { sub: 'cli_admin', papeis: ['ADMIN'] };
const em = (instante: string) => timestampFromDate(new Date(instante));
const cliente = () => sut.as({ sub: newId('cli'), papeis: ['CLIENTE'] });
/** Sees everything and has written nothing. */
const solicitante = () => sut.as({ sub: newId('cli'), papeis: ['ADMIN'] });

async function novoEspaco(nome = 'Sala') {
  const precoPorHora = { centavos: 100_00n, moeda: 'BRL' };
  const pedido = { nome, tipo: TipoEspaco.QUADRA, capacidade: 8, precoPorHora };
  return (await sut.espacos.criarEspaco(pedido, await sut.as(ADMIN))).id;
}

const umaHora = (espacoId: string) => ({
  espacoId,
  dataInicio: em('2026-06-10T13:00:00Z'),
  dataFim: em('2026-06-10T14:00:00Z'),
});

/** Nothing that is written from now on reaches the replica until it is resumed. */
async function pausar() {
  await naReplica.query('select pg_wal_replay_pause()');
  await eventually(async () => {
    const [{ estado }] = await naReplica.query('select pg_get_wal_replay_pause_state() as estado');
    expect(estado).toBe('paused');
  });
}

/** Waits until the replica shows what the primary has now. */
async function alcancar() {
  const [{ posicao }] = await sut.dataSource.query('select pg_current_wal_insert_lsn()::text as posicao');
  // Something to write: an idle primary may not flush the end of its log at once.
  await sut.dataSource.query('select pg_switch_wal()');
  await eventually(async () => {
    const [{ chegou }] = await naReplica.query('select pg_last_wal_replay_lsn() >= $1::pg_lsn as chegou', [
      posicao,
    ]);
    expect(chegou).toBe(true);
  });
}

/** How many reads were answered where, since the last time this was asked. */
let antes: Record<string, number> = {};
async function destinos(): Promise<Record<string, number>> {
  const metrica = await sut.metrics.registry.getSingleMetric('reservas_leituras_total')?.get();
  const agora = Object.fromEntries(
    (metrica?.values ?? []).map(({ labels, value }) => [labels.destino, value]),
  );
  const novos = Object.entries<number>(agora).map(
    ([nome, valor]) => [nome, valor - (antes[nome] ?? 0)] as const,
  );
  antes = agora;
  return Object.fromEntries(novos.filter(([, valor]) => valor > 0));
}

async function atraso(): Promise<number> {
  const metrica = await sut.metrics.registry.getSingleMetric('reservas_replica_atraso_bytes')?.get();
  return metrica?.values[0]?.value ?? Number.NaN;
}

describe('reading from a streaming replica', () => {
  it('answers from the replica whoever has written nothing', async () => {
    const espacoId = await novoEspaco();
    await alcancar();
    await destinos();
    await sut.espacos.obterEspaco({ espacoId }, await solicitante());
    expect(await destinos()).toEqual({ replica: 1 });
  });

  it('shows callers what they have just written while the replica lags behind, and the others what it has', async () => {
    const espacoId = await novoEspaco();
    await alcancar();
    await pausar();
    const quem = await cliente();
    const { id: reservaId } = await sut.reservas.criarReserva(umaHora(espacoId), quem);
    await destinos();
    expect((await sut.reservas.obterReserva({ reservaId }, quem)).id).toBe(reservaId);
    const { reservas } = await sut.reservas.listarReservas({}, quem);
    expect(reservas.map(({ id }) => id)).toEqual([reservaId]);
    expect(await destinos()).toEqual({ primario_atraso: 2 });

    const outro = await solicitante();
    expect(await failure(sut.reservas.obterReserva({ reservaId }, outro))).toBe(
      'NotFound RESERVA_NAO_ENCONTRADA',
    );
    expect(await destinos()).toEqual({ replica: 1 });

    await naReplica.query('select pg_wal_replay_resume()');
    await alcancar();
    await sut.reservas.obterReserva({ reservaId }, outro);
    await sut.reservas.obterReserva({ reservaId }, quem);
    expect(await destinos()).toEqual({ replica: 2 });
  });

  it('shows an administrator what is of others once that is recorded, where rows are written', async () => {
    const espacoId = await novoEspaco();
    const { id: reservaId } = await sut.reservas.criarReserva(umaHora(espacoId), await cliente());
    await alcancar();
    await pausar();
    await destinos();
    const sub = newId('cli');
    await sut.reservas.obterReserva({ reservaId }, await sut.as({ sub, papeis: ['ADMIN'] }));
    expect(await destinos()).toEqual({ replica: 1 });
    const consultas = `select count(*)::int as quantas from outbox
      where assunto = 'reservas.v1.DadosConsultados' and payload->>'autorId' = $1`;
    expect(await sut.dataSource.query(consultas, [sub])).toEqual([{ quantas: 1 }]);
    expect(await naReplica.query(consultas, [sub])).toEqual([{ quantas: 0 }]);
  });

  it('keeps the latest of writes that were made at once', async () => {
    await pausar();
    const nomes = ['A', 'B', 'C', 'D', 'E', 'F'];
    const ids = await Promise.all(nomes.map(novoEspaco));
    const como = await sut.as(ADMIN);
    for (const [i, espacoId] of ids.entries())
      expect((await sut.espacos.obterEspaco({ espacoId }, como)).nome).toBe(nomes[i]);
  });

  it('never shows a slot as free that was booked, whoever asks, and never books by the replica', async () => {
    const espacoId = await novoEspaco();
    await alcancar();
    await pausar();
    const { dataInicio, dataFim } = umaHora(espacoId);
    const livres = async () => {
      const resposta = await sut.disponibilidade.consultarDisponibilidade(
        { espacoId, dataInicio, dataFim },
        await solicitante(),
      );
      return resposta.livres.length;
    };
    expect(await livres()).toBe(1);
    await sut.reservas.criarReserva(umaHora(espacoId), await cliente());
    expect(await livres()).toBe(0);
    const segunda = sut.reservas.criarReserva(umaHora(espacoId), await cliente());
    expect(await failure(segunda)).toBe('AlreadyExists ESPACO_INDISPONIVEL');
    const [{ reservas }] = await naReplica.query(
      'select count(*)::int as reservas from reservas where espaco_id = $1',
      [espacoId],
    );
    expect(reservas).toBe(0);
  });

  it('is not asked by a call that writes, whatever its caller has written before', async () => {
    await pausar();
    const espacoId = await novoEspaco();
    await destinos();
    const { url } = await sut.calendarios.criarCalendario({ espacoId }, await solicitante());
    expect(url).not.toBe('');
    expect(Object.keys(await destinos())).toEqual(['primario_escrita']);
  });

  it('is not asked either for the right to an answer that was given before', async () => {
    const espacoId = await novoEspaco();
    await pausar();
    const { headers } = await cliente();
    const { id: reservaId } = await sut.reservas.criarReserva(umaHora(espacoId), { headers });
    const comChave = { headers: { ...headers, 'idempotency-key': newId('chave') } };
    const [primeira, repetida] = [
      await sut.reservas.cancelarReserva({ reservaId }, comChave),
      await sut.reservas.cancelarReserva({ reservaId }, comChave),
    ];
    expect(repetida).toEqual(primeira);
  });

  it('is asked how far it has come, and read, on one connection: its address may stand for several', async () => {
    const leituras = new Leituras({
      primario: { query: async <T>() => [{ por: 'primário' }] as T },
      replica: createDataSource({
        ...{
          url: replica.url('reservas'),
          entities: [],
          migrations: [],
          applicationName: 'spec',
          poolSize: 1,
        },
      }),
      marcas: { maior: async () => '0/1' },
      logger: sut.logger,
      metrics: createMetrics('spec'),
    });
    expect(await leituras.query(`select 'réplica' as por`)).toEqual([{ por: 'réplica' }]);
    await leituras.close();
  });

  it('tells operators how far the replica is behind', async () => {
    await pausar();
    await novoEspaco();
    expect(await atraso()).toBeGreaterThan(0);
    await naReplica.query('select pg_wal_replay_resume()');
    await eventually(async () => expect(await atraso()).toBe(0));
  });

  it('is behind by nothing where the log ends with a page', async () => {
    await eventually(async () => {
      // Nobody has written since: the next record comes behind the header of a page that is empty.
      await sut.dataSource.query('select pg_switch_wal()');
      await eventually(async () => expect(await atraso()).toBe(0), { timeoutMs: 2_000 });
      const [{ cabecalho }] = await sut.dataSource.query(
        `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint % 8192 as cabecalho`,
      );
      expect(Number(cabecalho)).toBe(40);
    });
  });

  it('goes on without the replica', async () => {
    const espacoId = await novoEspaco();
    await naReplica.destroy();
    await replica.stop();
    await destinos();
    const como = await solicitante();
    for (let vez = 0; vez < 10; vez += 1)
      expect((await sut.espacos.obterEspaco({ espacoId }, como)).id).toBe(espacoId);
    expect(await destinos()).toEqual({ primario_falha: 10 });
  });
});
