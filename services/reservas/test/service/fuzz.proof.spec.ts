import type { DescField } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { MotivoErroSchema as MotivoComum } from '@plataforma/contratos/comum/v1/motivo_erro_pb';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { MotivoErroSchema } from '@plataforma/contratos/reservas/v1/motivo_erro_pb';
import { type FuzzTarget, fuzz } from '@plataforma/testing/fuzz/fuzz';
import { loopTime } from '@plataforma/testing/fuzz/loop-time';
import { reasonsOf } from '@plataforma/testing/fuzz/reasons';
import { slowestRequests } from '@plataforma/testing/fuzz/slowest';
import { violations } from '../invariants.ts';
import { startReservas } from '../reservas-under-test.ts';

let sut: Awaited<ReturnType<typeof startReservas>>;
let alvo: FuzzTarget;

beforeAll(async () => {
  sut = await startReservas();
  alvo = await construirAlvo();
});

afterAll(() => sut.close());

const ADMIN = { sub: 'cli_admin', papeis: ['ADMIN'] };
const CLIENTE = { sub: 'cli_fuzz', papeis: ['CLIENTE'] };

const CODIGOS = Array.from({ length: 100 }, (_, i) => `EXTRA_${i}`);

/** With as many add-ons as a space may have. */
function sala() {
  const precoPorHora = { centavos: 100_00n, moeda: 'BRL' };
  const extras = CODIGOS.map((codigo) => ({
    codigo,
    nome: codigo,
    preco: precoPorHora,
    quantidadeMaxima: 1_000,
  }));
  return { nome: 'Sala', tipo: TipoEspaco.SALA_REUNIAO, capacidade: 8, precoPorHora, extras };
}

/** What a caller who means well would send: spaces and reservations that exist, periods on the grid. */
async function conhecidos(): Promise<(field: DescField) => readonly unknown[]> {
  const espaco = await sut.espacos.criarEspaco(sala(), await sut.as(ADMIN));
  const em = (dia: number, hora: number) => timestampFromDate(new Date(Date.UTC(2026, 5, dia, hora)));
  const reserva = await sut.reservas.criarReserva(
    { espacoId: espaco.id, dataInicio: em(20, 13), dataFim: em(20, 15) },
    await sut.as(CLIENTE),
  );
  const instantes = [8, 9, 10].flatMap((dia) => [0, 6, 12, 13, 14, 18].map((hora) => em(dia, hora)));
  const porNome: Readonly<Record<string, readonly unknown[]>> = {
    espacoId: [espaco.id, espaco.id, 'esp_nenhum'],
    reservaId: [reserva.id, reserva.id, 'res_nenhuma'],
    clienteId: ['', CLIENTE.sub, 'cli_outro'],
    pagamentoId: ['pag_1', 'pag_2'],
    cotacaoId: ['', 'cot_nenhuma'],
    moeda: ['BRL', 'BRL', 'USD'],
    centavos: [0n, 1n, 100_00n, -1n],
    abre: ['08:00', '20:00'],
    fecha: ['12:00', '24:00', '02:00'],
    diaSemana: [1, 5, 7],
    codigo: CODIGOS,
    inicioLocal: ['2026-06-10T10:00'],
    rrule: ['FREQ=WEEKLY;COUNT=52', 'FREQ=MONTHLY;BYMONTHDAY=1,2,3,4,5,6,7,8,9,10;COUNT=52'],
    duracaoMinutos: [60, 1_440],
  };
  return (field) =>
    field.message?.typeName === 'google.protobuf.Timestamp' ? instantes : (porNome[field.localName] ?? []);
}

async function construirAlvo(): Promise<FuzzTarget> {
  const authorization = async (quem: Parameters<typeof sut.as>[0]) =>
    (await sut.as(quem)).headers.authorization ?? '';
  return {
    grpcPort: sut.grpcPort,
    httpPort: sut.httpPort,
    services: sut.parts.services,
    callers: {
      customer: await authorization(CLIENTE),
      admin: await authorization(ADMIN),
    },
    known: await conhecidos(),
    reasons: reasonsOf(MotivoComum, MotivoErroSchema),
  };
}

it('answers whatever it is sent with a result or a stable reason, and stores nothing by halves', async () => {
  const report = await fuzz(alvo);
  expect(report.failures).toEqual([]);
  expect(report.answers.get('ok')).toBeGreaterThan(0);
  expect(await violations(sut.dataSource)).toEqual([]);
  // Still there, and still able to work.
  await expect(sut.espacos.listarEspacos({}, await sut.as(ADMIN))).resolves.toMatchObject({});
}, 120_000);

it('keeps its loop free whatever it is asked, for less than 50 ms a request', async () => {
  const slow = (await slowestRequests(alvo)).filter(({ ms }) => ms >= 50);
  expect(slow).toEqual([]);
}, 180_000);

it('keeps its loop free for less than 50 ms while it prices all that may be asked for at once', async () => {
  const { id: espacoId } = await sut.espacos.criarEspaco(sala(), await sut.as(ADMIN));
  const extras = CODIGOS.slice(0, 50).map((codigo) => ({ codigo, quantidade: 1 }));
  const em = (dia: number) => timestampFromDate(new Date(Date.UTC(2026, 6, dia, 12)));
  const como = await sut.as(CLIENTE);
  const cotar = () =>
    sut.reservas.cotarReserva({ espacoId, dataInicio: em(10), dataFim: em(11), extras }, como);
  expect((await cotar()).preco.length).toBeGreaterThan(50);
  expect(await loopTime(cotar, 10)).toBeLessThan(50);
  const plano = { inicioLocal: '2026-06-10T19:00', duracaoMinutos: 1_440, rrule: 'FREQ=WEEKLY;COUNT=52' };
  const simular = () => sut.series.simularSerie({ espacoId, extras, ...plano }, como);
  expect((await simular()).ocorrencias).toHaveLength(52);
  // Processors that are shared with other machines are slow for seconds at a time.
  expect(await loopTime(simular, 60)).toBeLessThan(50);
});

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);
