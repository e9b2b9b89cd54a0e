import type { DescField } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { MotivoErroSchema as MotivoComum } from '@plataforma/contratos/comum/v1/motivo_erro_pb';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { MotivoErroSchema } from '@plataforma/contratos/reservas/v1/motivo_erro_pb';
import { fuzz } from '@plataforma/testing/fuzz/fuzz';
import { reasonsOf } from '@plataforma/testing/fuzz/reasons';
import { defeitos } from './invariantes.ts';
import { startReservas } from './reservas-under-test.ts';

let sut: Awaited<ReturnType<typeof startReservas>>;

beforeAll(async () => {
  sut = await startReservas();
});

afterAll(() => sut.close());

const ADMIN = { sub: 'cli_admin', papeis: ['ADMIN'] };
const CLIENTE = { sub: 'cli_fuzz', papeis: ['CLIENTE'] };

/** What a caller who means well would send: spaces and reservations that exist, periods on the grid. */
async function conhecidos(): Promise<(field: DescField) => readonly unknown[]> {
  const precoPorHora = { centavos: 100_00n, moeda: 'BRL' };
  const sala = { nome: 'Sala', tipo: TipoEspaco.SALA_REUNIAO, capacidade: 8, precoPorHora };
  const espaco = await sut.espacos.criarEspaco(sala, await sut.como(ADMIN));
  const em = (dia: number, hora: number) => timestampFromDate(new Date(Date.UTC(2026, 5, dia, hora)));
  const reserva = await sut.reservas.criarReserva(
    { espacoId: espaco.id, dataInicio: em(20, 13), dataFim: em(20, 15) },
    await sut.como(CLIENTE),
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
  };
  return (field) =>
    field.message?.typeName === 'google.protobuf.Timestamp' ? instantes : (porNome[field.localName] ?? []);
}

it('answers whatever it is sent with a result or a stable reason, and stores nothing by halves', async () => {
  const authorization = async (quem: Parameters<typeof sut.como>[0]) =>
    (await sut.como(quem)).headers.authorization ?? '';
  const report = await fuzz({
    grpcPort: sut.grpcPort,
    httpPort: sut.httpPort,
    services: sut.parts.services,
    callers: {
      customer: await authorization(CLIENTE),
      admin: await authorization(ADMIN),
    },
    known: await conhecidos(),
    reasons: reasonsOf(MotivoComum, MotivoErroSchema),
  });
  expect(report.failures).toEqual([]);
  expect(report.answers.get('ok')).toBeGreaterThan(0);
  expect(await defeitos(sut.dataSource)).toEqual([]);
  // Still there, and still able to work.
  await expect(sut.espacos.listarEspacos({}, await sut.como(ADMIN))).resolves.toMatchObject({});
}, 120_000);

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);
