import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { MotivoEncerramento, PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import { fold } from '../../pagamento/domain/pagamento.ts';
import { criarCobranca, expirarSessao } from './cobranca.ts';
import { solicitarEncerramento } from './encerramento.ts';

const T0 = new Date('2026-11-24T12:00:00Z');
const valor = Dinheiro.deCentavos(10_000n);
const PEDIDO = { reservaId: 'res_1', clienteId: 'cli_1', valor, descricao: 'Sala', expiraEm: T0 };
const CRIADA: PagamentoEvent = {
  tipo: 'CobrancaCriada',
  pagamentoId: 'pag_1',
  ...PEDIDO,
  creditos: Dinheiro.zero(),
  em: T0,
};
const TENTADA: PagamentoEvent = { tipo: 'CheckoutSolicitado', tentativa: 1, expiraEm: T0, em: T0 };
const ABERTA: PagamentoEvent = {
  tipo: 'CheckoutAberto',
  tentativa: 1,
  sessaoId: 'cs_1',
  checkoutUrl: 'https://checkout.test/cs_1',
  expiraEm: T0,
  em: T0,
};
const APROVADA: PagamentoEvent = { tipo: 'PagamentoAprovado', intencaoId: 'pi_1', valor, em: T0 };
const ESTORNO: Extract<PagamentoEvent, { tipo: 'EstornoSolicitado' }> = {
  tipo: 'EstornoSolicitado',
  numero: 1,
  meio: 'CARTAO',
  valor,
  origem: 'CANCELAMENTO',
  motivo: 'x',
  em: T0,
};
const CANCELADA: PagamentoEvent = { tipo: 'CobrancaCancelada', motivo: 'RESERVA_EXPIRANDO', em: T0 };
const solicitado = (pedido: number): PagamentoEvent => ({
  tipo: 'EncerramentoSolicitado',
  motivo: 'RESERVA_EXPIRANDO',
  pedido,
  em: T0,
});
const respondido = (pedido: number): PagamentoEvent => ({ tipo: 'EncerramentoRespondido', pedido, em: T0 });

/** What a request of that version of the reservation leads to. */
function encerrar(
  eventos: readonly PagamentoEvent[],
  pedido: number,
  motivo: MotivoEncerramento = 'RESERVA_EXPIRANDO',
) {
  const dados = { reservaId: 'res_1', clienteId: 'cli_1', motivo, pedido };
  return solicitarEncerramento(fold(eventos), 'pag_1', dados, T0);
}

describe('solicitarEncerramento', () => {
  it('asks the provider first when the customer can still pay', () => {
    expect(encerrar([CRIADA, TENTADA, ABERTA], 3)).toEqual([solicitado(3)]);
  });

  it('cancels at once when nobody was told where to pay', () => {
    expect(encerrar([CRIADA, TENTADA], 3)).toEqual([solicitado(3), CANCELADA]);
  });

  it('changes nothing when the provider is being asked already', () => {
    expect(encerrar([CRIADA, TENTADA, ABERTA, solicitado(3)], 4)).toEqual([]);
  });

  it('keeps the charge from ever being made when it comes first', () => {
    const eventos = encerrar([], 2);
    expect(fold(eventos)).toMatchObject({ fase: 'CANCELADO', reservaId: 'res_1', valor: Dinheiro.zero() });
    expect(criarCobranca(fold(eventos), 'pag_1', PEDIDO, T0)).toMatchObject({
      error: { motivo: 'COBRANCA_ENCERRADA' },
    });
    expect(encerrar(eventos, 2)).toEqual([]);
    expect(encerrar(eventos, 3)).toEqual([respondido(3)]);
  });

  it('answers a later request once more when the charge is closed', () => {
    const fechada = [CRIADA, TENTADA, ABERTA, solicitado(3), CANCELADA];
    expect(encerrar(fechada, 3)).toEqual([]);
    expect(encerrar(fechada, 4)).toEqual([respondido(4)]);
    expect(encerrar([...fechada, respondido(4)], 4)).toEqual([]);
  });

  it('tells an expiring reservation again that it was paid', () => {
    expect(encerrar([CRIADA, TENTADA, ABERTA, APROVADA], 3)).toEqual([respondido(3)]);
  });

  it('says nothing when the reservation was cancelled after its payment', () => {
    expect(encerrar([CRIADA, TENTADA, ABERTA, APROVADA], 3, 'RESERVA_CANCELADA')).toEqual([]);
  });

  it.each(['RESERVA_EXPIRANDO', 'RESERVA_CANCELADA'] as const)(
    'answers once that the charge is closed when all of the money goes back: %s',
    (motivo) => {
      const devolvida = [CRIADA, TENTADA, ABERTA, APROVADA, ESTORNO];
      expect(encerrar(devolvida, 3, motivo)).toEqual([respondido(3)]);
      expect(encerrar([...devolvida, respondido(3)], 3, motivo)).toEqual([]);
    },
  );

  it('tells an expiring reservation that it was paid when only a part goes back', () => {
    const parte: PagamentoEvent = { ...ESTORNO, valor: Dinheiro.deCentavos(3_000n) };
    expect(encerrar([CRIADA, TENTADA, ABERTA, APROVADA, parte], 3)).toEqual([respondido(3)]);
    expect(encerrar([CRIADA, TENTADA, ABERTA, APROVADA, parte], 3, 'RESERVA_CANCELADA')).toEqual([]);
  });
});

describe('a charge that is being closed', () => {
  const fechando = [CRIADA, TENTADA, ABERTA, solicitado(3)];

  it('cannot be asked for again', () => {
    expect(criarCobranca(fold(fechando), 'pag_1', PEDIDO, T0)).toMatchObject({
      error: { motivo: 'COBRANCA_ENCERRADA' },
    });
  });

  it('is cancelled for the reason it was closed for when its session has expired', () => {
    expect(expirarSessao(fold(fechando), 'cs_1', T0)).toEqual([CANCELADA]);
  });
});
