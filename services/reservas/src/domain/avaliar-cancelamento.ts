import { Dinheiro } from '@plataforma/domain/dinheiro';
import { Result } from '@plataforma/domain/result';
import { normalizarTexto } from '@plataforma/domain/texto';
import { MotivoObrigatorioError, Recusa } from './motivo.ts';
import { MINUTO_MS } from './periodo-reserva.ts';
import {
  CARENCIA_ATE_MINUTOS,
  type ExcecaoCancelamento,
  type PoliticaCancelamento,
} from './politica-cancelamento.ts';

class CancelamentoForaDoPrazoError extends Recusa {
  readonly motivo = 'CANCELAMENTO_FORA_DO_PRAZO';
}

/** What a cancellation is judged by. Nothing else matters, so a preview and the cancellation agree. */
export interface PedidoDeCancelamento {
  readonly politica: PoliticaCancelamento;
  readonly criadaEm: Date;
  readonly inicio: Date;
  /** What was captured; undefined for a reservation that nobody has paid. */
  readonly pago: Dinheiro | undefined;
  readonly agora: Date;
  readonly admin: boolean;
  readonly motivo: string;
  /** Only an admin may claim one. */
  readonly excecao: ExcecaoCancelamento | undefined;
}

/** What a cancellation gives back, and why. */
export interface Avaliacao {
  readonly percentual: number;
  readonly reembolso: Dinheiro;
  readonly creditoBonus: Dinheiro;
  /** In Portuguese, for the customer. */
  readonly explicacao: string;
}

type Resposta = Result<Avaliacao, CancelamentoForaDoPrazoError | MotivoObrigatorioError>;

/** The cancellation policy as one pure function over its snapshot. */
export function avaliarCancelamento(pedido: PedidoDeCancelamento): Resposta {
  const { pago, admin, agora, inicio, excecao, politica } = pedido;
  if (!pago) return conceder(Dinheiro.zero(), 0, 'A reserva não foi paga: não há o que devolver.');
  if (admin && agora >= inicio && normalizarTexto(pedido.motivo, { linhas: true }) === '')
    return Result.fail(new MotivoObrigatorioError('Depois do início, diga o motivo do cancelamento.'));
  if (admin && excecao === 'FORCA_MAIOR')
    return conceder(pago, 100, 'Força maior: o valor pago volta por inteiro.');
  if (admin && excecao === 'PROBLEMA_NO_ESPACO') {
    const bonus = parteDe(pago, politica.bonusPercentual);
    return conceder(
      pago,
      100,
      'Problema no espaço: o valor pago volta por inteiro, com crédito bônus.',
      bonus,
    );
  }
  if (naCarencia(pedido))
    return conceder(pago, 100, `Dentro da carência de ${politica.carenciaMinutos} minutos: volta tudo.`);
  return pelaTabela(pedido, pago);
}

function pelaTabela({ politica, inicio, agora, admin }: PedidoDeCancelamento, pago: Dinheiro): Resposta {
  if (agora >= inicio) {
    if (!admin) return Result.fail(new CancelamentoForaDoPrazoError('A reserva já começou.'));
    return conceder(pago, 0, 'A reserva já começou: nada volta.');
  }
  const minutos = (inicio.getTime() - agora.getTime()) / MINUTO_MS;
  const faixa = politica.faixas.find(({ antecedenciaMinimaMinutos }) => minutos >= antecedenciaMinimaMinutos);
  if (!faixa?.clientePode && !admin)
    return Result.fail(new CancelamentoForaDoPrazoError(foraDoPrazo(politica)));
  const percentual = faixa?.percentualReembolso ?? 0;
  return conceder(pago, percentual, explicar(percentual, faixa?.antecedenciaMinimaMinutos ?? 0));
}

/** Soon after booking and long enough before the start, whatever the table says. */
function naCarencia({ politica, criadaEm, inicio, agora }: PedidoDeCancelamento): boolean {
  return (
    politica.carenciaMinutos > 0 &&
    agora.getTime() <= criadaEm.getTime() + politica.carenciaMinutos * MINUTO_MS &&
    agora.getTime() <= inicio.getTime() - CARENCIA_ATE_MINUTOS * MINUTO_MS
  );
}

function conceder(
  pago: Dinheiro,
  percentual: number,
  explicacao: string,
  creditoBonus = Dinheiro.zero(pago.moeda),
): Resposta {
  const gratuita = pago.centavos === 0n && percentual > 0;
  return Result.ok({
    percentual,
    reembolso: parteDe(pago, percentual),
    creditoBonus,
    explicacao: gratuita ? 'A reserva não custou nada: não há o que devolver.' : explicacao,
  });
}

function parteDe(valor: Dinheiro, percentual: number): Dinheiro {
  return valor.multiplicarFracao(BigInt(percentual), 100n);
}

function explicar(percentual: number, minutos: number): string {
  if (minutos === 0) return 'O início está perto demais: nada volta.';
  return `Pelo menos ${minutos / 60} horas antes do início: volta ${percentual} % do valor pago.`;
}

function foraDoPrazo({ faixas }: PoliticaCancelamento): string {
  const ultima = faixas.findLast(({ clientePode }) => clientePode);
  if (!ultima) return 'Esta reserva não pode ser cancelada.';
  return `A reserva só pode ser cancelada até ${ultima.antecedenciaMinimaMinutos / 60} horas antes do início.`;
}
