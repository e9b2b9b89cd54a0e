import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { StatusReserva } from '@plataforma/contratos/reservas/v1/reserva_pb';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { PRAZOS } from '../../src/reservas/application/cumprir-prazo.ts';
import { InMemoryObservador } from '../doubles.ts';
import { ManualPrazos } from '../manual-prazos.ts';
import { newId } from '../reservas-fixture.ts';
import { details, failure, startReservas } from '../reservas-under-test.ts';

let sut: Awaited<ReturnType<typeof startReservas>>;

beforeAll(async () => {
  sut = await startReservas();
});

afterAll(() => sut?.close());

const reais = (centavos: bigint) => ({ centavos, moeda: 'BRL' });
const em = (instante: string) => timestampFromDate(new Date(instante));

/** A space without a cleaning fee, and an hour of it. */
async function umaHora(centavosPorHora: bigint) {
  const nome = 'Praça';
  const admin = await sut.as({ sub: 'cli_admin', papeis: ['ADMIN'] });
  const { id: espacoId } = await sut.espacos.criarEspaco(
    {
      ...{ nome, tipo: TipoEspaco.QUADRA, capacidade: 8, taxaLimpeza: reais(0n) },
      precoPorHora: reais(centavosPorHora),
      extras: [{ codigo: 'REDE', nome: 'Rede', preco: reais(50n), quantidadeMaxima: 1 }],
    },
    admin,
  );
  const dataInicio = em('2026-06-10T13:00:00Z');
  return { espacoId, dataInicio, dataFim: em('2026-06-10T14:00:00Z') };
}

async function fatos(id: string): Promise<{ assunto: string; payload: Record<string, unknown> }[]> {
  return sut.dataSource.query('select assunto, payload from outbox where agregado_id = $1 order by posicao', [
    id,
  ]);
}

describe('a reservation that costs nothing', () => {
  it('is confirmed at once, asks for no charge, and is cancelled with nothing to give back', async () => {
    const como = await sut.as({ sub: newId('cli'), papeis: ['CLIENTE'] });
    const pedido = await umaHora(0n);
    const { valor, id: cotacaoId } = await sut.reservas.cotarReserva(pedido, como);
    expect(valor?.centavos).toBe(0n);
    const reserva = await sut.reservas.criarReserva({ ...pedido, cotacaoId }, como);
    const { id: reservaId, ...feita } = reserva;
    expect([feita.status, feita.pagamentoId, feita.checkoutUrl]).toEqual([StatusReserva.CONFIRMADA, '', '']);
    expect(feita.confirmadoEm).toEqual(feita.criadoEm);
    expect(await failure(sut.reservas.criarReserva(pedido, como))).toBe('AlreadyExists ESPACO_INDISPONIVEL');

    const lida = await sut.reservas.obterReserva({ reservaId, incluirHistorico: true }, como);
    expect(lida.historico.map(({ evento, porque }) => [evento, porque])).toEqual([
      ['ReservaCriada', 'reserva feita pelo cliente'],
      ['ReservaConfirmada', 'nada a pagar'],
    ]);
    const admin = await sut.as({ sub: 'cli_admin', papeis: ['ADMIN'] });
    const saga = await sut.reservas.obterSaga({ reservaId }, admin);
    expect(saga.explicacao).toBe('Não há nada a pagar: a reserva está garantida.');
    expect(saga.etapas.map(({ fato, comando }) => [fato, comando])).toEqual([
      ['ReservaPedida', ''],
      ['NadaAPagar', ''],
    ]);

    const simulada = await sut.reservas.simularCancelamento({ reservaId }, como);
    expect([simulada.permitido, simulada.reembolso?.centavos]).toEqual([true, 0n]);
    const cancelada = await sut.reservas.cancelarReserva({ reservaId }, como);
    expect([cancelada.status, cancelada.reembolso?.centavos]).toEqual([StatusReserva.CANCELADA, 0n]);
    const ditos = await fatos(reservaId);
    expect(ditos.map(({ assunto }) => assunto)).toEqual([
      'reservas.v1.ReservaConfirmada',
      'reservas.v1.ReservaCancelada',
    ]);
    expect(ditos[0]?.payload).toMatchObject({ espacoNome: 'Praça', valor: { moeda: 'BRL' } });
    for (const { payload } of ditos) expect(payload.pagamentoId ?? '').toBe('');
    expect(ditos[1]?.payload.reembolso).toBeUndefined();
    expect(sut.standIns.cobrancas.filter((um) => um.reservaId === reservaId)).toEqual([]);
  });

  it('does not expire, and is concluded when it is over', async () => {
    const como = await sut.as({ sub: newId('cli'), papeis: ['CLIENTE'] });
    const { id: reservaId } = await sut.reservas.criarReserva(await umaHora(0n), como);
    const uow = createUnitOfWork(sut.dataSource);
    const prazos = new ManualPrazos({ uow, clock: sut.clock, observador: new InMemoryObservador() });
    const statusEm = async (instante: string) => {
      sut.clock.set(instante);
      for (const prazo of PRAZOS) await prazos.execute(prazo);
      return (await sut.reservas.obterReserva({ reservaId }, como)).status;
    };
    const agora = sut.clock.now().toISOString();
    expect(await statusEm('2026-06-10T13:59:59Z')).toBe(StatusReserva.CONFIRMADA);
    expect(await statusEm('2026-06-10T14:00:00Z')).toBe(StatusReserva.CONCLUIDA);
    sut.clock.set(agora);
  });
});

describe('a reservation that costs less or more than can be charged', () => {
  it.each([1n, 49n])(
    'is neither quoted nor made for %s cents, unless add-ons make it enough',
    async (centavos) => {
      const como = await sut.as({ sub: newId('cli'), papeis: ['CLIENTE'] });
      const pedido = await umaHora(centavos);
      for (const call of [
        () => sut.reservas.cotarReserva(pedido, como),
        () => sut.reservas.criarReserva(pedido, como),
      ])
        expect(await failure(call())).toBe('FailedPrecondition VALOR_ABAIXO_DO_MINIMO');
      const minimo = { centavos: Number(centavos), minimoCentavos: 50 };
      expect(await details(sut.reservas.cotarReserva(pedido, como))).toEqual(minimo);
      const extras = [{ codigo: 'REDE', quantidade: 1 }];
      const { valor } = await sut.reservas.criarReserva({ ...pedido, extras }, como);
      expect(valor?.centavos).toBe(50n + centavos);
    },
  );

  it('is neither quoted nor made above R$ 999.999,99', async () => {
    const como = await sut.as({ sub: newId('cli'), papeis: ['CLIENTE'] });
    const caro = await umaHora(999_999_99n + 1n);
    for (const call of [
      () => sut.reservas.cotarReserva(caro, como),
      () => sut.reservas.criarReserva(caro, como),
    ])
      expect(await failure(call())).toBe('FailedPrecondition VALOR_ACIMA_DO_MAXIMO');
    const { valor } = await sut.reservas.criarReserva(await umaHora(999_999_99n), como);
    expect(valor?.centavos).toBe(999_999_99n);
  });

  it('is charged from 50 cents on', async () => {
    const como = await sut.as({ sub: newId('cli'), papeis: ['CLIENTE'] });
    const { valor, confirmadoEm } = await sut.reservas.criarReserva(await umaHora(50n), como);
    expect([valor?.centavos, confirmadoEm]).toEqual([50n, undefined]);
  });
});
