import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { type Barrier, doneOrBlocked, stopAt } from '@plataforma/testing/barrier';
import type { CancelarSerieCommand } from '../../src/series/application/cancelar-serie.ts';
import type { SerieComReservas } from '../../src/series/application/series-queries.ts';
import { NOW, newId, storeEspaco } from '../reservas-fixture.ts';
import { SeriesUnderTest } from './series-fixture.ts';

let sut: SeriesUnderTest;
let parado: Barrier | undefined;

beforeAll(async () => {
  sut = await SeriesUnderTest.open();
});

afterAll(() => sut?.close());

/** Also after a failure: a connection that stands still cannot be closed. */
afterEach(() => parado?.open());

beforeEach(() => sut.clock.set(NOW));

/** Four Wednesdays, all of them paid: 10, 17 and 24 June, 1 July. */
async function seriePaga(): Promise<SerieComReservas> {
  const espaco = await storeEspaco(sut.uow);
  const feita = await sut.reservar(sut.command(espaco.id));
  for (const { id } of feita.reservas)
    await sut.receber({
      tipo: 'PagamentoAprovado',
      reservaId: id,
      pagamentoId: `pag_${id}`,
    });
  return feita;
}

function comando(
  { serie }: SerieComReservas,
  mudancas: Partial<CancelarSerieCommand> = {},
): CancelarSerieCommand {
  const solicitante = { id: serie.clienteId, admin: false };
  return {
    serieId: serie.id,
    escopo: 'TODAS',
    reservaId: '',
    solicitante,
    motivo: '',
    excecao: undefined,
    ...mudancas,
  };
}

/** Number, status and what comes back, or the reason why it stays. */
async function cancelar(command: CancelarSerieCommand): Promise<unknown[] | string> {
  const feitos = await sut.cancelar.execute(command);
  if (feitos.isFailure) return feitos.error.motivo;
  return feitos.value.map(({ reserva, resultado }) => [
    reserva.serie?.numero,
    reserva.status,
    resultado.isSuccess ? resultado.value.reembolso.centavos : resultado.error.motivo,
  ]);
}

async function status({ serie }: SerieComReservas): Promise<string[]> {
  const rows = await sut.dataSource.query(
    'select status from reservas where serie_id = $1 order by serie_numero',
    [serie.id],
  );
  return rows.map((row: { status: string }) => row.status);
}

describe('cancelling', () => {
  it('one occurrence leaves the others', async () => {
    const feita = await seriePaga();
    const reservaId = feita.reservas[1]?.id ?? '';
    expect(await cancelar(comando(feita, { escopo: 'ESTA', reservaId }))).toEqual([
      [2, 'CANCELADA', 250_00n],
    ]);
    expect(await status(feita)).toEqual(['CONFIRMADA', 'CANCELADA', 'CONFIRMADA', 'CONFIRMADA']);
  });

  it('this one and the following judges each by the time that is left', async () => {
    const feita = await seriePaga();
    // 17 June begins at 13:00 UTC, eighteen hours from now.
    sut.clock.set('2026-06-16T19:00:00Z');
    const reservaId = feita.reservas[1]?.id ?? '';
    expect(await cancelar(comando(feita, { escopo: 'ESTA_E_SEGUINTES', reservaId }))).toEqual([
      [2, 'CANCELADA', 125_00n],
      [3, 'CANCELADA', 250_00n],
      [4, 'CANCELADA', 250_00n],
    ]);
    const [evento] = await sut.dataSource.query(
      `select payload from outbox where agregado_id = $1 and assunto = 'reservas.v1.ReservaCancelada'`,
      [reservaId],
    );
    expect(evento.payload).toMatchObject({ reembolso: { centavos: '12500' } });
  });

  it('all leaves alone what it is too late for, and says why', async () => {
    const feita = await seriePaga();
    sut.clock.set('2026-06-17T03:00:00Z');
    const esperado = [
      [1, 'CONFIRMADA', 'CANCELAMENTO_FORA_DO_PRAZO'],
      [2, 'CONFIRMADA', 'CANCELAMENTO_FORA_DO_PRAZO'],
      [3, 'CANCELADA', 250_00n],
      [4, 'CANCELADA', 250_00n],
    ];
    expect(await cancelar(comando(feita))).toEqual(esperado);
    expect(await cancelar(comando(feita))).toEqual(esperado);
  });

  it('is refused when it could change nothing', async () => {
    const feita = await seriePaga();
    sut.clock.set('2026-06-10T12:00:00Z');
    const reservaId = feita.reservas[0]?.id ?? '';
    expect(await cancelar(comando(feita, { escopo: 'ESTA', reservaId }))).toBe('CANCELAMENTO_FORA_DO_PRAZO');
    const depois = { escopo: 'ESTA', reservaId: newId('res') } as const;
    expect(await cancelar(comando(feita, depois))).toBe('RESERVA_NAO_ENCONTRADA');
  });

  it('is for its customer and for admins, who may claim an exception for every occurrence', async () => {
    const feita = await seriePaga();
    sut.pagamentos.asked.length = 0;
    expect(await cancelar(comando(feita, { solicitante: { id: newId('cli'), admin: false } }))).toBe(
      'SERIE_NAO_ENCONTRADA',
    );
    expect(sut.pagamentos.asked).toEqual([]);
    sut.clock.set('2026-06-10T14:00:00Z');
    const solicitante = { id: 'cli_admin', admin: true };
    const excecao = 'FORCA_MAIOR' as const;
    expect(await cancelar(comando(feita, { solicitante, excecao, motivo: 'enchente' }))).toEqual(
      [1, 2, 3, 4].map((numero) => [numero, 'CANCELADA', 250_00n]),
    );
  });

  it('gives what its preview promised', async () => {
    const feita = await seriePaga();
    sut.clock.set('2026-06-16T19:00:00Z');
    const previa = await sut.simularCancelamento.execute(comando(feita));
    if (previa.isFailure) throw previa.error;
    expect(await status(feita)).toEqual(Array(4).fill('CONFIRMADA'));
    const feitos = await sut.cancelar.execute(comando(feita));
    if (feitos.isFailure) throw feitos.error;
    const resultados = (lista: typeof feitos.value) => lista.map(({ resultado }) => resultado);
    expect(resultados(feitos.value)).toEqual(resultados(previa.value));
  });

  it('promises and gives no more than has not gone back yet, of each occurrence', async () => {
    const feita = await seriePaga();
    const resta = [0, 100_00, 250_00, 250_00];
    for (const [n, { id }] of feita.reservas.entries()) {
      const [valor, creditos] = [Dinheiro.deCentavos(resta[n] ?? 0), Dinheiro.zero()];
      // pagamentos has said so by an event to the first two, and says so when it is asked to the others.
      const devolvivel = { versao: 5, valor, creditos };
      if (n > 1) sut.pagamentos.saldos.set(`pag_${id}`, devolvivel);
      else
        await sut.receber({
          ...{ tipo: 'DisputaPerdida', reservaId: id, pagamentoId: `pag_${id}` },
          devolvivel,
        });
    }
    const previa = await sut.simularCancelamento.execute(comando(feita));
    if (previa.isFailure) throw previa.error;
    const prometido = previa.value.map(({ resultado }) =>
      resultado.isSuccess ? Number(resultado.value.reembolso.centavos) : resultado.error.motivo,
    );
    expect(prometido).toEqual(resta);
    expect(await cancelar(comando(feita))).toEqual(
      resta.map((centavos, n) => [n + 1, 'CANCELADA', BigInt(centavos)]),
    );
  });

  it('keeps waiting what comes for one of its dates meanwhile', async () => {
    const feita = await seriePaga();
    const ultima = feita.reservas.at(-1)?.id ?? '';
    parado = stopAt(/^update reservas set/);
    const cancelada = cancelar(comando(feita));
    await parado.reached();
    const estorno = sut.receber({
      ...{ tipo: 'EstornoMudou', reservaId: ultima, pagamentoId: `pag_${ultima}` },
      estorno: { numero: 1, status: 'CONCLUIDO', valor: Dinheiro.deCentavos(1n) },
    });
    expect(await doneOrBlocked(sut.dataSource, estorno)).toBe('blocked');
    parado.open();
    await estorno;
    expect(await cancelada).toHaveLength(4);
    expect(await status(feita)).toEqual(Array(4).fill('CANCELADA'));
  });

  it('ends the same when it is asked for twice at once', async () => {
    const feita = await seriePaga();
    const respostas = await Promise.all([cancelar(comando(feita)), cancelar(comando(feita))]);
    expect(respostas[0]).toEqual(respostas[1]);
    const [{ avisos }] = await sut.dataSource.query(
      `select count(*)::int as avisos from outbox o join reservas r on r.id = o.agregado_id
       where r.serie_id = $1 and o.assunto = 'reservas.v1.ReservaCancelada'`,
      [feita.serie.id],
    );
    expect(avisos).toBe(4);
  });
});
