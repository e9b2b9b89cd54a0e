import { describe, expect, it } from '@jest/globals';
import type {
  CobrancaCancelada,
  DisputaPerdida,
  EstornoSolicitado,
} from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { criarCobranca } from '../../cobrancas/domain/cobranca.ts';
import { solicitarEstorno } from '../../estornos/domain/estorno.ts';
import type { PagamentoEvent } from '../domain/eventos.ts';
import { type Cobranca, fold, INEXISTENTE } from '../domain/pagamento.ts';
import { toIntegrationEvent } from './event-mapper.ts';

const EM = new Date('2026-11-24T12:00:00Z');
const reais = (valor: number) => Dinheiro.deCentavos(valor * 100);
const centavos = (valor: number) => ({ centavos: BigInt(valor * 100), moeda: 'BRL' });

/** R$ 30 of credit and R$ 70 by card: what is charged, and the event of its payment. */
function historia() {
  const pedido = {
    reservaId: 'res_1',
    clienteId: 'cli_1',
    valor: reais(100),
    descricao: 'Sala',
    expiraEm: EM,
  };
  const criada = criarCobranca(INEXISTENTE, 'pag_1', pedido, EM, reais(30));
  if (criada.isFailure) throw criada.error;
  const aprovada: PagamentoEvent = {
    tipo: 'PagamentoAprovado',
    intencaoId: 'pi_1',
    valor: reais(70),
    em: EM,
  };
  return { cobranca: fold(criada.value) as Cobranca, aprovada };
}

function paga(): Cobranca {
  const { cobranca, aprovada } = historia();
  return fold([aprovada], cobranca) as Cobranca;
}

function mensagens<T>(antes: Cobranca, eventos: readonly PagamentoEvent[]): T[] {
  const depois = fold(eventos, antes) as Cobranca;
  return eventos
    .flatMap((evento, i) => toIntegrationEvent(depois, evento, i + 1))
    .map(({ message }) => message as unknown as T);
}

describe('what the others hear of money that goes back', () => {
  it('names the refund that each movement is part of, and what is left once it is done', () => {
    const pedido = { pagamentoId: 'pag_1', origem: 'CANCELAMENTO', valor: reais(50), motivo: 'x' } as const;
    const decidido = solicitarEstorno(paga(), pedido, EM);
    if (decidido.isFailure) throw decidido.error;
    const ditas = mensagens<EstornoSolicitado>(paga(), decidido.value);
    expect(ditas.map(({ numero, emCreditos }) => [numero, emCreditos])).toEqual([
      [1, true],
      [1, true],
      [2, false],
    ]);
    for (const { pedido: parte, devolvivel } of ditas) {
      expect(parte).toMatchObject({ numero: 1, movimentos: 2, origem: 'CANCELAMENTO' });
      expect([parte?.valor, parte?.creditos]).toMatchObject([centavos(50), centavos(15)]);
      expect([devolvivel?.valor, devolvivel?.creditos]).toMatchObject([centavos(50), centavos(15)]);
    }
  });

  it('says of a closed charge whether it was paid, for the news of the closing may be older than the money', () => {
    const { cobranca: aberta, aprovada } = historia();
    const fechada: PagamentoEvent = { tipo: 'CobrancaCancelada', motivo: 'SESSAO_EXPIRADA', em: EM };
    const resposta: PagamentoEvent = { tipo: 'EncerramentoRespondido', pedido: 7, em: EM };
    const tudo = { pagamentoId: 'pag_1', origem: 'ADMIN', valor: undefined, motivo: 'x' } as const;
    const devolvida = solicitarEstorno(fold([aprovada], aberta), tudo, EM);
    if (devolvida.isFailure) throw devolvida.error;
    const ditoDe = (antes: Cobranca, ...eventos: PagamentoEvent[]) =>
      mensagens<CobrancaCancelada>(antes, eventos).map(({ foiPaga }) => foiPaga);
    expect(ditoDe(aberta, fechada, resposta)).toEqual([false, false]);
    expect(ditoDe(fold([aprovada, ...devolvida.value], aberta) as Cobranca, resposta)).toEqual([true]);
  });

  it('counts what a lost dispute took as gone, and tells so', () => {
    const disputa = { disputaId: 'dp_1', motivo: 'fraudulent', valor: reais(70), em: EM };
    const encerrada = { tipo: 'DisputaEncerrada', disputaId: 'dp_1', em: EM } as const;
    const aberta: PagamentoEvent = { tipo: 'DisputaAberta', ...disputa };
    expect(mensagens(paga(), [aberta, { ...encerrada, resultado: 'won' }])).toEqual([]);
    const [perdida] = mensagens<DisputaPerdida>(paga(), [aberta, { ...encerrada, resultado: 'lost' }]);
    expect(perdida).toMatchObject({ reservaId: 'res_1', valor: centavos(70) });
    expect(perdida?.devolvivel).toMatchObject({ valor: centavos(30), creditos: centavos(30) });
  });
});
