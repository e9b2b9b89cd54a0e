import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { StatusReserva } from '@plataforma/contratos/reservas/v1/reserva_pb';
import { EstadoOcorrencia, ModoSerie } from '@plataforma/contratos/reservas/v1/serie_pb';
import { EscopoCancelamento } from '@plataforma/contratos/reservas/v1/series_service_pb';
import { tellConta } from '../contas-fixture.ts';
import { NOW, newId } from '../reservas-fixture.ts';
import { details, failure, startReservas } from '../reservas-under-test.ts';

let sut: Awaited<ReturnType<typeof startReservas>>;

beforeAll(async () => {
  sut = await startReservas();
});

afterAll(() => sut?.close());

beforeEach(() => {
  sut.clock.set(NOW);
  sut.standIns.mode = 'answers';
});

const ADMIN = { sub: 'cli_admin', papeis: ['ADMIN'] };
const cliente = () => ({ sub: newId('cli'), papeis: ['CLIENTE'] });

async function novoEspaco(): Promise<string> {
  const precoPorHora = { centavos: 100_00n, moeda: 'BRL' };
  const limitesPendentes = { reservas: 10, horas: 240, resfriamentoMinutos: 0 };
  const sala = { nome: 'Sala', tipo: TipoEspaco.SALA_REUNIAO, capacidade: 8 };
  const espaco = { ...sala, precoPorHora, limitesPendentes };
  return (await sut.espacos.criarEspaco(espaco, await sut.as(ADMIN))).id;
}

/** Wednesdays from 10 to 12 in São Paulo. */
async function quartas(mudancas: object = {}) {
  const plano = { inicioLocal: '2026-06-10T10:00', duracaoMinutos: 120, rrule: 'FREQ=WEEKLY;COUNT=3' };
  return { espacoId: await novoEspaco(), ...plano, ...mudancas };
}

describe('a series over gRPC', () => {
  it('is simulated, booked, read, listed and cancelled by its customer', async () => {
    const dono = cliente();
    const pedido = await quartas({ datasExcluidas: ['2026-06-17'] });
    const simulada = await sut.series.simularSerie(pedido, await sut.as(dono));
    expect(simulada.ocorrencias.map(({ data, estado }) => [data, estado])).toEqual([
      ['2026-06-10', EstadoOcorrencia.LIVRE],
      ['2026-06-17', EstadoOcorrencia.EXCLUIDA],
      ['2026-06-24', EstadoOcorrencia.LIVRE],
    ]);
    expect(simulada).toMatchObject({ fusoHorario: 'America/Sao_Paulo', valorTotal: { centavos: 500_00n } });

    let codigoHttp: string | null = null;
    const onHeader = (headers: Headers) => {
      codigoHttp = headers.get('x-http-code');
    };
    const serie = await sut.series.criarSerie(pedido, { ...(await sut.as(dono)), onHeader });
    expect(codigoHttp).toBe('201');
    expect(serie).toMatchObject({ clienteId: dono.sub, rrule: pedido.rrule, modo: ModoSerie.TUDO_OU_NADA });
    expect(serie.reservas.map(({ serieId, serieNumero }) => [serieId, serieNumero])).toEqual([
      [serie.id, 1],
      [serie.id, 3],
    ]);

    expect(await sut.series.obterSerie({ serieId: serie.id }, await sut.as(dono))).toEqual(serie);
    const { series } = await sut.series.listarSeries({}, await sut.as(dono));
    expect(series).toMatchObject([{ id: serie.id, reservas: [] }]);
    const { reservas } = await sut.reservas.listarReservas({}, await sut.as(dono));
    expect(reservas.map(({ serieId }) => serieId)).toEqual([serie.id, serie.id]);

    const todas = { serieId: serie.id, escopo: EscopoCancelamento.TODAS };
    const previa = await sut.series.simularCancelamentoSerie(todas, await sut.as(dono));
    expect(previa.ocorrencias.map(({ permitido }) => permitido)).toEqual([true, true]);
    const { ocorrencias } = await sut.series.cancelarSerie(todas, await sut.as(dono));
    expect(ocorrencias.map(({ reserva }) => reserva?.status)).toEqual(Array(2).fill(StatusReserva.CANCELADA));
  });

  it('keeps store credit for later when asked to, and says so', async () => {
    const dono = await sut.as(cliente());
    const pedido = await quartas({ guardarCreditos: true });
    expect((await sut.series.simularSerie(pedido, dono)).guardarCreditos).toBe(true);
    const serie = await sut.series.criarSerie(pedido, dono);
    const ids = new Set(serie.reservas.map(({ id }) => id));
    expect(serie).toMatchObject({ guardarCreditos: true, reservas: [{ guardarCreditos: true }, {}, {}] });
    const cobradas = sut.standIns.cobrancas.filter(({ reservaId }) => ids.has(reservaId));
    expect(cobradas.map(({ guardarCreditos }) => guardarCreditos)).toEqual([true, true, true]);
    expect((await sut.series.obterSerie({ serieId: serie.id }, dono)).guardarCreditos).toBe(true);
  });

  it('is unknown to everybody else', async () => {
    const { id: serieId } = await sut.series.criarSerie(await quartas(), await sut.as(cliente()));
    const outro = await sut.as(cliente());
    const todas = { serieId, escopo: EscopoCancelamento.TODAS };
    for (const chamada of [
      () => sut.series.obterSerie({ serieId }, outro),
      () => sut.series.simularCancelamentoSerie(todas, outro),
      () => sut.series.cancelarSerie(todas, outro),
    ])
      expect(await failure(chamada())).toBe('NotFound SERIE_NAO_ENCONTRADA');
    expect((await sut.series.listarSeries({}, outro)).series).toEqual([]);
  });

  it('is booked once under one idempotency key', async () => {
    const dono = cliente();
    const pedido = await quartas();
    const chave = { 'idempotency-key': newId('chave') };
    const primeira = await sut.series.criarSerie(pedido, await sut.as(dono, chave));
    const segunda = await sut.series.criarSerie(pedido, await sut.as(dono, chave));
    expect(segunda.id).toBe(primeira.id);
    expect(segunda.reservas.map(({ id }) => id)).toEqual(primeira.reservas.map(({ id }) => id));
  });

  it('holds its slots when pagamentos does not answer, and says so in time', async () => {
    sut.standIns.mode = 'hangs';
    const serie = await sut.series.criarSerie(await quartas(), await sut.as(cliente()));
    expect(serie.reservas.map(({ status }) => status)).toEqual(
      Array(3).fill(StatusReserva.PENDENTE_COBRANCA),
    );
  });
});

describe('a refusal', () => {
  it('names the part of the rule', async () => {
    const pedido = await quartas({ rrule: 'FREQ=DAILY;COUNT=3' });
    const eu = await sut.as(cliente());
    expect(await failure(sut.series.criarSerie(pedido, eu))).toBe('InvalidArgument RECORRENCIA_INVALIDA');
    expect(await details(sut.series.simularSerie(pedido, eu))).toEqual({ parte: 'FREQ' });
  });

  it('names the dates', async () => {
    const pedido = await quartas();
    await sut.series.criarSerie({ ...pedido, rrule: 'FREQ=WEEKLY;COUNT=1' }, await sut.as(cliente()));
    const outra = sut.series.criarSerie(pedido, await sut.as(cliente()));
    expect(await failure(outra)).toBe('AlreadyExists SERIE_COM_CONFLITOS');
    expect(await details(outra)).toEqual({ conflitos: ['2026-06-10'] });
    const longa = sut.series.criarSerie(
      await quartas({ rrule: 'FREQ=WEEKLY;COUNT=6' }),
      await sut.as(cliente()),
    );
    expect(await failure(longa)).toBe('FailedPrecondition SERIE_COM_RECUSAS');
    expect(await details(longa)).toEqual({
      recusas: [{ motivo: 'LIMITE_DE_RESERVAS', datas: ['2026-07-15'] }],
    });
  });

  it('comes before anything else for what is not a request', async () => {
    const eu = await sut.as(cliente());
    const pedido = await quartas();
    for (const chamada of [
      () => sut.series.criarSerie({ ...pedido, duracaoMinutos: 0 }, eu),
      () => sut.series.criarSerie({ ...pedido, datasExcluidas: ['10/06/2026'] }, eu),
      () => sut.series.cancelarSerie({ serieId: 'ser_1' }, eu),
    ])
      expect(await failure(chamada())).toBe('InvalidArgument REQUISICAO_INVALIDA');
  });

  it('meets customers who book for others or beside the rules', async () => {
    const eu = await sut.as(cliente());
    const dispensas = { limite: true, motivo: 'porque sim' };
    for (const chamada of [
      async () => sut.series.criarSerie(await quartas({ clienteId: 'cli_outro' }), eu),
      async () => sut.series.simularSerie(await quartas({ dispensas }), eu),
    ])
      expect(await failure(chamada())).toBe('PermissionDenied ACESSO_NEGADO');
    const clienteId = newId('cli');
    await tellConta(sut.parts, clienteId);
    const doze = await quartas({ rrule: 'FREQ=WEEKLY;COUNT=12', clienteId, dispensas });
    expect((await sut.series.criarSerie(doze, await sut.as(ADMIN))).reservas).toHaveLength(12);
  });
});
