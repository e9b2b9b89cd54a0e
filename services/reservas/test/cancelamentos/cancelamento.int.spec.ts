import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  CobrancaCanceladaSchema,
  DisputaPerdidaSchema,
  EstornoConcluidoSchema,
  EstornoSolicitadoSchema,
} from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { StatusReserva } from '@plataforma/contratos/reservas/v1/reserva_pb';
import { ExcecaoCancelamento } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { NOW, newId } from '../reservas-fixture.ts';
import { deliver, failure, startReservas } from '../reservas-under-test.ts';

let sut: Awaited<ReturnType<typeof startReservas>>;

beforeAll(async () => {
  sut = await startReservas();
});

afterAll(() => sut.close());

beforeEach(() => sut.clock.set(NOW));

const ADMIN = { sub: 'cli_admin', papeis: ['ADMIN'] };
const INICIO = new Date('2026-06-10T13:00:00Z');

/** A reservation of R$ 250.00, paid or not, and its customer. */
async function reservada(paga: boolean, carenciaCancelamentoMinutos = 0) {
  const precoPorHora = { centavos: 100_00n, moeda: 'BRL' };
  const espaco = { nome: 'Sala', tipo: TipoEspaco.SALA_REUNIAO, capacidade: 8, precoPorHora };
  const { id: espacoId } = await sut.espacos.criarEspaco(
    { ...espaco, carenciaCancelamentoMinutos },
    await sut.as(ADMIN),
  );
  const dono = await sut.as({ sub: newId('cli'), papeis: ['CLIENTE'] });
  const fim = new Date(INICIO.getTime() + 2 * 3_600_000);
  const pedido = { espacoId, dataInicio: timestampFromDate(INICIO), dataFim: timestampFromDate(fim) };
  const { id: reservaId, pagamentoId } = await sut.reservas.criarReserva(pedido, dono);
  if (paga) await sut.reservas.confirmarReserva({ reservaId, pagamentoId }, await sut.as(ADMIN));
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
    await sut.reservas.cancelarReserva({ reservaId }, quem === 'dono' ? dono : await sut.as(ADMIN));
    expect((await anuncio(reservaId)).desistencia).toBe(desistencia);
  });
});

const reais = (centavos: number) => ({ centavos: String(centavos), moeda: 'BRL' });

/** What pagamentos tells of a refund. */
function estorno({ reservaId, pagamentoId }: { reservaId: string; pagamentoId: string }, origem: string) {
  return (centavos: number, resta: number) => ({
    ...{ reservaId, pagamentoId, clienteId: 'cli_1', numero: 1, valor: dinheiro(centavos) },
    pedido: { numero: 1, movimentos: 1, origem, valor: dinheiro(centavos), creditos: dinheiro(0) },
    devolvivel: { valor: dinheiro(resta), creditos: dinheiro(0) },
  });
}

const dinheiro = (centavos: number) => ({ centavos: BigInt(centavos), moeda: 'BRL' });

describe('cancelling what has gone back before', () => {
  const PROBLEMA = ExcecaoCancelamento.PROBLEMA_NO_ESPACO;
  type Reservada = Awaited<ReturnType<typeof reservada>>;

  /** Preview, answer, event and what is read later: refund, bonus, and what went back before. */
  async function ditos(reserva: Reservada, excepcional: ExcecaoCancelamento = 0) {
    const { reservaId } = reserva;
    const quem = excepcional === PROBLEMA ? await sut.as(ADMIN) : reserva.dono;
    const previa = await sut.reservas.simularCancelamento({ reservaId, excepcional }, quem);
    const resposta = await sut.reservas.cancelarReserva({ reservaId, excepcional }, quem);
    const evento = await anuncio(reservaId);
    const centavos = (valor: unknown) => Number((valor as { centavos?: string } | undefined)?.centavos ?? 0);
    const de = (d: { reembolso?: unknown; creditoBonus?: unknown }) => [
      centavos(d.reembolso),
      centavos(d.creditoBonus),
    ];
    const lida = await sut.reservas.obterReserva({ reservaId }, reserva.dono);
    expect([de(resposta), de(evento), de(lida)]).toEqual([de(previa), de(previa), de(previa)]);
    return [...de(previa), centavos(previa.jaDevolvido)];
  }

  it.each<[string, number, ExcecaoCancelamento, number, number]>([
    ['nothing when all went back', 250_00, ExcecaoCancelamento.UNSPECIFIED, 0, 0],
    ['the rest when a part did', 100_00, ExcecaoCancelamento.UNSPECIFIED, 150_00, 0],
    ['no bonus on nothing', 250_00, PROBLEMA, 0, 0],
    ['a bonus on the rest', 150_00, PROBLEMA, 100_00, 10_00],
  ])('promises %s', async (_, antes, excepcional, volta, bonus) => {
    const reserva = await reservada(true);
    await deliver(sut.parts, EstornoSolicitadoSchema, estorno(reserva, 'ADMIN')(antes, 250_00 - antes));
    expect(await ditos(reserva, excepcional)).toEqual([volta, bonus, antes]);
  });

  it('promises nothing of what the bank of the customer has taken', async () => {
    const reserva = await reservada(true);
    const { reservaId, pagamentoId } = reserva;
    const devolvivel = { valor: dinheiro(0), creditos: dinheiro(0) };
    await deliver(sut.parts, DisputaPerdidaSchema, { reservaId, pagamentoId, clienteId: 'c', devolvivel });
    expect(await ditos(reserva)).toEqual([0, 0, 250_00]);
  });

  it('asks pagamentos, which may know of more than has been heard of here', async () => {
    const reserva = await reservada(true);
    sut.standIns.devolviveis.set(reserva.pagamentoId, { versao: 9, valor: 50_00n });
    expect(await ditos(reserva)).toEqual([50_00, 0, 200_00]);
  });

  it.each(['crashes', 'hangs'] as const)('goes by what was heard when pagamentos %s', async (mode) => {
    const reserva = await reservada(true);
    await deliver(sut.parts, EstornoSolicitadoSchema, estorno(reserva, 'ADMIN')(100_00, 150_00));
    sut.standIns.mode = mode;
    try {
      expect(await ditos(reserva)).toEqual([150_00, 0, 100_00]);
    } finally {
      sut.standIns.mode = 'answers';
    }
  });

  it('believes no answer that is older than what was heard', async () => {
    const reserva = await reservada(true);
    sut.standIns.devolviveis.set(reserva.pagamentoId, { versao: 3, valor: 250_00n });
    await deliver(sut.parts, EstornoSolicitadoSchema, estorno(reserva, 'ADMIN')(250_00, 0), 4);
    expect(await ditos(reserva)).toEqual([0, 0, 250_00]);
  });

  it('shows what pagamentos has given back in the end', async () => {
    const reserva = await reservada(true);
    const { reservaId, dono } = reserva;
    await sut.reservas.cancelarReserva({ reservaId }, dono);
    await deliver(sut.parts, EstornoSolicitadoSchema, estorno(reserva, 'CANCELAMENTO')(100_00, 0));
    const lida = await sut.reservas.obterReserva({ reservaId }, dono);
    expect([lida.reembolso, lida.reembolsoCreditos]).toMatchObject([dinheiro(100_00), dinheiro(0)]);
    await deliver(sut.parts, EstornoConcluidoSchema, estorno(reserva, 'CANCELAMENTO')(100_00, 0), 3);
    expect(await sut.reservas.cancelarReserva({ reservaId }, dono)).toMatchObject({
      reembolso: dinheiro(100_00),
    });
  });

  it('shows nothing when pagamentos had nothing left to give back', async () => {
    const { reservaId, pagamentoId, dono } = await reservada(true);
    await sut.reservas.cancelarReserva({ reservaId }, dono);
    const fechada = { reservaId, pagamentoId, clienteId: 'c', foiPaga: true };
    await deliver(sut.parts, CobrancaCanceladaSchema, fechada);
    const lida = await sut.reservas.obterReserva({ reservaId }, dono);
    expect(lida.reembolso).toMatchObject(dinheiro(0));
  });
});

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
      const quem = papel === 'ADMIN' ? await sut.as(ADMIN) : dono;
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
        canceladoEm: timestampFromDate(sut.clock.now()),
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
    expect(await failure(sut.reservas.criarReserva(pedido, dono))).toBe(
      'FailedPrecondition PENDENCIA_RECENTE',
    );
    const outra = await sut.as({ sub: newId('cli'), papeis: ['CLIENTE'] });
    expect((await sut.reservas.criarReserva(pedido, outra)).status).toBe(StatusReserva.PENDENTE_PAGAMENTO);
  });

  it('tells the customer that it is too late, and changes nothing', async () => {
    const { reservaId, dono } = await reservada(true);
    horasAntes(11.5);
    const previa = await sut.reservas.simularCancelamento({ reservaId }, dono);
    expect(previa).toMatchObject({ permitido: false, percentualReembolso: 0 });
    expect(previa.explicacao).toBe('A reserva só pode ser cancelada até 12 horas antes do início.');
    expect(await failure(sut.reservas.cancelarReserva({ reservaId }, dono))).toBe(
      'FailedPrecondition CANCELAMENTO_FORA_DO_PRAZO',
    );
    expect((await sut.reservas.obterReserva({ reservaId }, dono)).status).toBe(StatusReserva.CONFIRMADA);
  });

  it('asks an admin for a reason after the start', async () => {
    const { reservaId } = await reservada(true);
    horasAntes(-0.5);
    const call = sut.reservas.cancelarReserva({ reservaId, motivo: ' ' }, await sut.as(ADMIN));
    expect(await failure(call)).toBe('InvalidArgument MOTIVO_OBRIGATORIO');
  });

  it('gives everything back within the grace period that the space had when it was booked', async () => {
    sut.clock.set('2026-06-10T08:00:00Z');
    const { reservaId, dono, pedido } = await reservada(true, 30);
    await sut.espacos.atualizarEspaco(
      { espacoId: pedido.espacoId, carenciaCancelamentoMinutos: 0 },
      await sut.as(ADMIN),
    );
    sut.clock.advance(30 * 60_000);
    const cancelada = await sut.reservas.cancelarReserva({ reservaId }, dono);
    expect(cancelada.reembolso?.centavos).toBe(250_00n);
  });

  it("is nobody else's to do, and exceptions are for admins", async () => {
    const { reservaId, dono } = await reservada(true);
    const estranho = await sut.as({ sub: newId('cli'), papeis: ['CLIENTE'] });
    for (const call of [sut.reservas.cancelarReserva, sut.reservas.simularCancelamento])
      expect(await failure(call({ reservaId }, estranho))).toBe('NotFound RESERVA_NAO_ENCONTRADA');
    const excepcional = ExcecaoCancelamento.FORCA_MAIOR;
    for (const call of [sut.reservas.cancelarReserva, sut.reservas.simularCancelamento])
      expect(await failure(call({ reservaId, excepcional }, dono))).toBe('PermissionDenied ACESSO_NEGADO');
  });

  it.each(['EXPIRADA', 'CONCLUIDA'])('is impossible when the reservation is %s', async (status) => {
    const { reservaId, dono } = await reservada(true);
    await sut.dataSource.query('update reservas set status = $2 where id = $1', [reservaId, status]);
    for (const call of [sut.reservas.cancelarReserva, sut.reservas.simularCancelamento])
      expect(await failure(call({ reservaId }, dono))).toBe('FailedPrecondition TRANSICAO_INVALIDA');
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
