import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { StatusReserva } from '@plataforma/contratos/reservas/v1/reserva_pb';
import { ExcecaoCancelamento } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { AGORA, novoId } from './reservas-fixture.ts';
import { falha, startReservas } from './reservas-under-test.ts';

let sut: Awaited<ReturnType<typeof startReservas>>;

beforeAll(async () => {
  sut = await startReservas();
});

afterAll(() => sut.close());

beforeEach(() => sut.clock.set(AGORA));

const ADMIN = { sub: 'cli_admin', papeis: ['ADMIN'] };
const INICIO = new Date('2026-06-10T13:00:00Z');

/** A reservation of R$ 250.00, paid or not, and its customer. */
async function reservada(paga: boolean, carenciaCancelamentoMinutos = 0) {
  const precoPorHora = { centavos: 100_00n, moeda: 'BRL' };
  const espaco = { nome: 'Sala', tipo: TipoEspaco.SALA_REUNIAO, capacidade: 8, precoPorHora };
  const { id: espacoId } = await sut.espacos.criarEspaco(
    { ...espaco, carenciaCancelamentoMinutos },
    await sut.como(ADMIN),
  );
  const dono = await sut.como({ sub: novoId('cli'), papeis: ['CLIENTE'] });
  const fim = new Date(INICIO.getTime() + 2 * 3_600_000);
  const pedido = { espacoId, dataInicio: timestampFromDate(INICIO), dataFim: timestampFromDate(fim) };
  const { id: reservaId, pagamentoId } = await sut.reservas.criarReserva(pedido, dono);
  if (paga) await sut.reservas.confirmarReserva({ reservaId, pagamentoId }, await sut.como(ADMIN));
  return { reservaId, pagamentoId, dono, pedido };
}

function horasAntes(horas: number): void {
  sut.clock.set(new Date(INICIO.getTime() - horas * 3_600_000).toISOString());
}

async function anuncio(reservaId: string): Promise<Record<string, unknown>> {
  const rows = await sut.dataSource.query(
    `select payload from outbox where agregado_id = $1 and assunto = 'reservas.v1.ReservaCancelada'`,
    [reservaId],
  );
  expect(rows).toHaveLength(1);
  return rows[0].payload;
}

describe('what is announced of a cancellation', () => {
  it.each([
    ['a customer who gives up what is unpaid', false, 'dono', true],
    ['a customer who has paid', true, 'dono', undefined],
    ['an admin who takes away what is unpaid', false, 'admin', undefined],
  ] as const)('tells %s apart: nobody has to tell them', async (_, paga, quem, desistencia) => {
    horasAntes(48);
    const { reservaId, dono } = await reservada(paga);
    await sut.reservas.cancelarReserva({ reservaId }, quem === 'dono' ? dono : await sut.como(ADMIN));
    expect((await anuncio(reservaId)).desistencia).toBe(desistencia);
  });
});

const reais = (centavos: number) => ({ centavos: String(centavos), moeda: 'BRL' });

describe('cancelling', () => {
  it.each([
    ['the customer, 24 h before', 24, 'CLIENTE', ExcecaoCancelamento.UNSPECIFIED, 250_00, 0],
    ['the customer, 12 h before', 12, 'CLIENTE', ExcecaoCancelamento.UNSPECIFIED, 125_00, 0],
    ['an admin, 1 h before', 1, 'ADMIN', ExcecaoCancelamento.UNSPECIFIED, 0, 0],
    ['an admin, after the start', -1, 'ADMIN', ExcecaoCancelamento.UNSPECIFIED, 0, 0],
    ['an admin for force majeure, 1 h before', 1, 'ADMIN', ExcecaoCancelamento.FORCA_MAIOR, 250_00, 0],
    ['an admin for a broken space', 1, 'ADMIN', ExcecaoCancelamento.PROBLEMA_NO_ESPACO, 250_00, 25_00],
  ])(
    'gives back what the preview said when it is asked by %s',
    async (_, horas, papel, excepcional, volta, bonus) => {
      const { reservaId, pagamentoId, dono } = await reservada(true);
      horasAntes(horas);
      const quem = papel === 'ADMIN' ? await sut.como(ADMIN) : dono;
      const previa = await sut.reservas.simularCancelamento({ reservaId, excepcional }, quem);
      expect(previa).toMatchObject({
        permitido: true,
        percentualReembolso: (volta * 100) / 250_00,
        reembolso: { centavos: BigInt(volta) },
        creditoBonus: { centavos: BigInt(bonus) },
      });
      const pedido = { reservaId, motivo: 'imprevisto', excepcional };
      const cancelada = await sut.reservas.cancelarReserva(pedido, quem);
      expect(cancelada).toMatchObject({
        status: StatusReserva.CANCELADA,
        motivoCancelamento: 'imprevisto',
        reembolso: previa.reembolso,
        canceladaEm: timestampFromDate(sut.clock.now()),
      });
      expect(cancelada.creditoBonus?.centavos ?? 0n).toBe(previa.creditoBonus?.centavos);
      const evento = await anuncio(reservaId);
      expect(evento).toMatchObject({ pagamentoId, motivo: 'imprevisto' });
      expect([evento.reembolso, evento.creditoBonus]).toEqual([
        volta > 0 ? reais(volta) : undefined,
        bonus > 0 ? reais(bonus) : undefined,
      ]);
      expect(await sut.reservas.cancelarReserva({ ...pedido, motivo: 'de novo' }, quem)).toEqual(cancelada);
      await anuncio(reservaId);
    },
  );

  it('frees the slot at once, also of a reservation that nobody has paid, which costs nothing', async () => {
    const { reservaId, dono, pedido } = await reservada(false);
    const cancelada = await sut.reservas.cancelarReserva({ reservaId }, dono);
    expect(cancelada).toMatchObject({ status: StatusReserva.CANCELADA, reembolso: { centavos: 0n } });
    expect((await anuncio(reservaId)).reembolso).toBeUndefined();
    expect(await falha(sut.reservas.criarReserva(pedido, dono))).toBe('FailedPrecondition PENDENCIA_RECENTE');
    const outra = await sut.como({ sub: novoId('cli'), papeis: ['CLIENTE'] });
    expect((await sut.reservas.criarReserva(pedido, outra)).status).toBe(StatusReserva.PENDENTE_PAGAMENTO);
  });

  it('tells the customer that it is too late, and changes nothing', async () => {
    const { reservaId, dono } = await reservada(true);
    horasAntes(11.5);
    const previa = await sut.reservas.simularCancelamento({ reservaId }, dono);
    expect(previa).toMatchObject({ permitido: false, percentualReembolso: 0 });
    expect(previa.explicacao).toBe('A reserva só pode ser cancelada até 12 horas antes do início.');
    expect(await falha(sut.reservas.cancelarReserva({ reservaId }, dono))).toBe(
      'FailedPrecondition CANCELAMENTO_FORA_DO_PRAZO',
    );
    expect((await sut.reservas.obterReserva({ reservaId }, dono)).status).toBe(StatusReserva.CONFIRMADA);
  });

  it('asks an admin for a reason after the start', async () => {
    const { reservaId } = await reservada(true);
    horasAntes(-0.5);
    const call = sut.reservas.cancelarReserva({ reservaId, motivo: ' ' }, await sut.como(ADMIN));
    expect(await falha(call)).toBe('InvalidArgument MOTIVO_OBRIGATORIO');
  });

  it('gives everything back within the grace period that the space had when it was booked', async () => {
    sut.clock.set('2026-06-10T08:00:00Z');
    const { reservaId, dono, pedido } = await reservada(true, 30);
    await sut.espacos.atualizarEspaco(
      { espacoId: pedido.espacoId, carenciaCancelamentoMinutos: 0 },
      await sut.como(ADMIN),
    );
    sut.clock.advance(30 * 60_000);
    const cancelada = await sut.reservas.cancelarReserva({ reservaId }, dono);
    expect(cancelada.reembolso?.centavos).toBe(250_00n);
  });

  it("is nobody else's to do, and exceptions are for admins", async () => {
    const { reservaId, dono } = await reservada(true);
    const estranho = await sut.como({ sub: novoId('cli'), papeis: ['CLIENTE'] });
    for (const call of [sut.reservas.cancelarReserva, sut.reservas.simularCancelamento])
      expect(await falha(call({ reservaId }, estranho))).toBe('NotFound RESERVA_NAO_ENCONTRADA');
    const excepcional = ExcecaoCancelamento.FORCA_MAIOR;
    for (const call of [sut.reservas.cancelarReserva, sut.reservas.simularCancelamento])
      expect(await falha(call({ reservaId, excepcional }, dono))).toBe('PermissionDenied ACESSO_NEGADO');
  });

  it.each(['EXPIRADA', 'CONCLUIDA'])('is impossible when the reservation is %s', async (status) => {
    const { reservaId, dono } = await reservada(true);
    await sut.dataSource.query('update reservas set status = $2 where id = $1', [reservaId, status]);
    for (const call of [sut.reservas.cancelarReserva, sut.reservas.simularCancelamento])
      expect(await falha(call({ reservaId }, dono))).toBe('FailedPrecondition TRANSICAO_INVALIDA');
  });

  it('happens once when it is asked for many times at once', async () => {
    const { reservaId, dono } = await reservada(true);
    const canceladas = await Promise.all(
      Array.from({ length: 8 }, () => sut.reservas.cancelarReserva({ reservaId }, dono)),
    );
    expect(new Set(canceladas.map(({ status }) => status))).toEqual(new Set([StatusReserva.CANCELADA]));
    await anuncio(reservaId);
  });
});
