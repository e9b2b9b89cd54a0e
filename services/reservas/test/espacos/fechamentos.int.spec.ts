import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { eventually } from '@plataforma/testing/eventually';
import { newId } from '../reservas-fixture.ts';
import { details, failure, startReservas } from '../reservas-under-test.ts';

let sut: Awaited<ReturnType<typeof startReservas>>;

beforeAll(async () => {
  sut = await startReservas();
});

afterAll(() => sut.close());

const ADMIN = { sub: 'cli_admin', papeis: ['ADMIN'] };
const em = (instante: string) => timestampFromDate(new Date(instante));

async function novoEspaco() {
  const precoPorHora = { centavos: 100_00n, moeda: 'BRL' };
  const espaco = { nome: 'Sala', tipo: TipoEspaco.QUADRA, capacidade: 8, precoPorHora };
  return (await sut.espacos.criarEspaco(espaco, await sut.as(ADMIN))).id;
}

async function fechar(espacoId: string, inicio: string, fim: string, extra: object = {}) {
  const pedido = { espacoId, dataInicio: em(inicio), dataFim: em(fim), ...extra };
  return sut.espacos.criarFechamento(pedido, await sut.as(ADMIN));
}

async function reservar(espacoId: string, inicio: string, fim: string) {
  const como = await sut.as({ sub: newId('cli'), papeis: ['CLIENTE'] });
  return sut.reservas.criarReserva({ espacoId, dataInicio: em(inicio), dataFim: em(fim) }, como);
}

describe('closures', () => {
  it('refuse bookings and quotes, keep what was booked before, and end when they are removed', async () => {
    const espacoId = await novoEspaco();
    const antes = await reservar(espacoId, '2026-06-10T13:00:00Z', '2026-06-10T14:00:00Z');
    const { id: fechamentoId } = await fechar(espacoId, '2026-06-10T12:00:00Z', '2026-06-10T18:00:00Z', {
      motivo: 'pintura',
    });
    expect(fechamentoId).toMatch(/^fec_/);
    const dentro = ['2026-06-10T17:00:00Z', '2026-06-10T19:00:00Z'] as const;
    const recusada = reservar(espacoId, ...dentro);
    await expect(recusada).rejects.toMatchObject({ rawMessage: 'O espaço está fechado: pintura.' });
    expect(await failure(recusada)).toBe('FailedPrecondition ESPACO_FECHADO');
    const como = await sut.as({ sub: newId('cli'), papeis: ['CLIENTE'] });
    const cotacao = sut.reservas.cotarReserva(
      { espacoId, dataInicio: em(dentro[0]), dataFim: em(dentro[1]) },
      como,
    );
    expect(await failure(cotacao)).toBe('FailedPrecondition ESPACO_FECHADO');
    expect((await reservar(espacoId, '2026-06-10T18:00:00Z', '2026-06-10T19:00:00Z')).id).not.toBe('');
    const { status } = await sut.reservas.obterReserva({ reservaId: antes.id }, await sut.as(ADMIN));
    expect(status).toBe(antes.status);

    const pedido = { espacoId, fechamentoId };
    const doOutro = { espacoId: await novoEspaco(), fechamentoId };
    expect(await failure(sut.espacos.removerFechamento(doOutro, await sut.as(ADMIN)))).toBe(
      'NotFound FECHAMENTO_NAO_ENCONTRADO',
    );
    await sut.espacos.removerFechamento(pedido, await sut.as(ADMIN));
    expect(await failure(sut.espacos.removerFechamento(pedido, await sut.as(ADMIN)))).toBe(
      'NotFound FECHAMENTO_NAO_ENCONTRADO',
    );
    expect((await reservar(espacoId, '2026-06-10T16:00:00Z', '2026-06-10T17:00:00Z')).id).not.toBe('');
  });

  it('come back every year', async () => {
    const espacoId = await novoEspaco();
    await fechar(espacoId, '2024-06-10T03:00:00Z', '2024-06-11T03:00:00Z', { anual: true });
    expect(await failure(reservar(espacoId, '2026-06-10T13:00:00Z', '2026-06-10T14:00:00Z'))).toBe(
      'FailedPrecondition ESPACO_FECHADO',
    );
    expect((await reservar(espacoId, '2026-06-11T03:00:00Z', '2026-06-11T04:00:00Z')).id).not.toBe('');
  });

  it('are not offered as alternatives', async () => {
    const espacoId = await novoEspaco();
    await reservar(espacoId, '2026-06-10T13:00:00Z', '2026-06-10T14:00:00Z');
    await fechar(espacoId, '2026-06-10T14:00:00Z', '2026-06-10T16:00:00Z');
    const recusada = reservar(espacoId, '2026-06-10T12:30:00Z', '2026-06-10T13:30:00Z');
    expect(await details(recusada)).toEqual({
      alternativas: [{ dataInicio: '2026-06-10T12:00:00Z', dataFim: '2026-06-10T13:00:00Z' }],
    });
  });

  it('are listed by start, page by page', async () => {
    const espacoId = await novoEspaco();
    const dias = [12, 10, 11].map((dia) => `2026-06-${dia}`);
    for (const dia of dias) await fechar(espacoId, `${dia}T12:00:00Z`, `${dia}T13:00:00Z`);
    const como = await sut.as({ sub: newId('cli'), papeis: ['CLIENTE'] });
    const primeira = await sut.espacos.listarFechamentos({ espacoId, pageSize: 2 }, como);
    const segunda = await sut.espacos.listarFechamentos(
      { espacoId, pageSize: 2, pageToken: primeira.nextPageToken },
      como,
    );
    expect([...primeira.fechamentos, ...segunda.fechamentos].map(({ dataInicio }) => dataInicio)).toEqual(
      [...dias].sort().map((dia) => em(`${dia}T12:00:00Z`)),
    );
    expect([primeira.fechamentos.length, segunda.nextPageToken]).toEqual([2, '']);
    const semEspaco = sut.espacos.listarFechamentos({ espacoId: 'esp_nenhum' }, como);
    expect(await failure(semEspaco)).toBe('NotFound ESPACO_NAO_ENCONTRADO');
    const alheio = { espacoId: await novoEspaco(), pageToken: primeira.nextPageToken };
    expect(await failure(sut.espacos.listarFechamentos(alheio, como))).toBe(
      'InvalidArgument PAGINA_INVALIDA',
    );
  });

  it('are refused when the period is none, the space is unknown, or the caller is no admin', async () => {
    const espacoId = await novoEspaco();
    const aoContrario = fechar(espacoId, '2026-06-11T00:00:00Z', '2026-06-10T00:00:00Z');
    expect(await failure(aoContrario)).toBe('InvalidArgument PERIODO_INVALIDO');
    const anual = fechar(espacoId, '2026-06-11T00:00:00Z', '2027-06-11T00:00:00Z', { anual: true });
    expect(await failure(anual)).toBe('InvalidArgument PERIODO_INVALIDO');
    const semEspaco = fechar('esp_nenhum', '2026-06-10T00:00:00Z', '2026-06-11T00:00:00Z');
    expect(await failure(semEspaco)).toBe('NotFound ESPACO_NAO_ENCONTRADO');
    for (const papeis of [['CLIENTE'], ['GESTOR']]) {
      const call = sut.espacos.criarFechamento(
        { espacoId, dataInicio: em('2026-06-10T00:00:00Z'), dataFim: em('2026-06-11T00:00:00Z') },
        await sut.as({ sub: newId('cli'), papeis }),
      );
      expect(await failure(call)).toBe('PermissionDenied ACESSO_NEGADO');
    }
  });

  it('wait for the bookings that are under way', async () => {
    const espacoId = await novoEspaco();
    const runner = sut.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `reservas:espaco:${espacoId}`,
    ]);
    let fechado = false;
    const fechamento = fechar(espacoId, '2026-06-10T12:00:00Z', '2026-06-10T18:00:00Z').then(() => {
      fechado = true;
    });
    await eventually(async () => {
      const [{ esperando }] = await sut.dataSource.query(
        `select count(*)::int as esperando from pg_locks where locktype = 'advisory' and not granted
           and database = (select oid from pg_database where datname = current_database())`,
      );
      expect(esperando).toBe(1);
    });
    expect(fechado).toBe(false);
    await runner.rollbackTransaction();
    await runner.release();
    await fechamento;
    expect(fechado).toBe(true);
  });
});
