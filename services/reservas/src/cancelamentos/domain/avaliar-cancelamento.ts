import { Dinheiro } from '@plataforma/domain/dinheiro';
import { dividirEstorno } from '@plataforma/domain/divisao-de-estorno';
import { Result } from '@plataforma/domain/result';
import { normalizarTexto } from '@plataforma/domain/texto';
import { MotivoObrigatorioError, Recusa } from '../../comum/domain/recusa.ts';
import { emDinheiro } from '../../precos/domain/precificacao-textos.ts';
import { type DinheiroRecebido, soma } from '../../reservas/domain/estornos-da-reserva.ts';
import {
  CARENCIA_ATE_MINUTOS,
  type ExcecaoCancelamento,
  type PoliticaCancelamento,
} from '../../reservas/domain/politica-cancelamento.ts';
import { MINUTO_MS } from '../../tempo/domain/periodo-reserva.ts';

class CancelamentoForaDoPrazoError extends Recusa {
  readonly motivo = 'CANCELAMENTO_FORA_DO_PRAZO';
}

/** What a cancellation is judged by. Nothing else matters, so a preview and the cancellation agree. */
export interface PedidoDeCancelamento {
  readonly politica: PoliticaCancelamento;
  readonly criadoEm: Date;
  readonly inicio: Date;
  /** Undefined for a reservation that was not paid. */
  readonly recebido: DinheiroRecebido | undefined;
  readonly agora: Date;
  readonly admin: boolean;
  readonly motivo: string;
  /** Only an admin may claim one. */
  readonly excecao: ExcecaoCancelamento | undefined;
}

/** What a cancellation gives back, and why. */
export interface Avaliacao {
  /** The policy's share of what was paid. */
  readonly percentual: number;
  /** That share, at most what has not gone back yet. */
  readonly reembolso: Dinheiro;
  /** The part of `reembolso` that comes back as store credit. */
  readonly reembolsoCreditos: Dinheiro;
  readonly creditoBonus: Dinheiro;
  /** What has gone back before, or is on its way. */
  readonly jaDevolvido: Dinheiro;
  /** In Portuguese, for the customer. */
  readonly explicacao: string;
}

type Resposta = Result<Avaliacao, CancelamentoForaDoPrazoError | MotivoObrigatorioError>;

/** The cancellation policy as one pure function over its snapshot. */
export function avaliarCancelamento(pedido: PedidoDeCancelamento): Resposta {
  const { recebido, admin, agora, inicio, excecao, politica } = pedido;
  if (!recebido) return nadaPago();
  if (admin && agora >= inicio && normalizarTexto(pedido.motivo, { linhas: true }) === '')
    return Result.fail(new MotivoObrigatorioError('Depois do início, diga o motivo do cancelamento.'));
  if (admin && excecao === 'FORCA_MAIOR')
    return conceder(recebido, 100, 'Força maior: o valor pago volta por inteiro.');
  if (admin && excecao === 'PROBLEMA_NO_ESPACO') {
    const explicacao = 'Problema no espaço: o valor pago volta por inteiro, com crédito bônus.';
    return conceder(recebido, 100, explicacao, politica.bonusPercentual);
  }
  if (naCarencia(pedido))
    return conceder(recebido, 100, `Dentro da carência de ${politica.carenciaMinutos} minutos: volta tudo.`);
  return pelaTabela(pedido, recebido);
}

function pelaTabela(
  { politica, inicio, agora, admin }: PedidoDeCancelamento,
  recebido: DinheiroRecebido,
): Resposta {
  if (agora >= inicio) {
    if (!admin) return Result.fail(new CancelamentoForaDoPrazoError('A reserva já começou.'));
    return conceder(recebido, 0, 'A reserva já começou: nada volta.');
  }
  const minutos = (inicio.getTime() - agora.getTime()) / MINUTO_MS;
  const faixa = politica.faixas.find(({ antecedenciaMinimaMinutos }) => minutos >= antecedenciaMinimaMinutos);
  if (!faixa?.clientePode && !admin)
    return Result.fail(new CancelamentoForaDoPrazoError(foraDoPrazo(politica)));
  const percentual = faixa?.percentualReembolso ?? 0;
  return conceder(recebido, percentual, explicar(percentual, faixa?.antecedenciaMinimaMinutos ?? 0));
}

/** Soon after booking and long enough before the start, whatever the table says. */
function naCarencia({ politica, criadoEm, inicio, agora }: PedidoDeCancelamento): boolean {
  return (
    politica.carenciaMinutos > 0 &&
    agora.getTime() <= criadoEm.getTime() + politica.carenciaMinutos * MINUTO_MS &&
    agora.getTime() <= inicio.getTime() - CARENCIA_ATE_MINUTOS * MINUTO_MS
  );
}

/** Never more than has not gone back yet; the bonus is a share of that, for it is what the customer still loses. */
function conceder(
  { pago, devolvido }: DinheiroRecebido,
  percentual: number,
  explicacao: string,
  bonusPercentual = 0,
): Resposta {
  const [pagos, jaDevolvido] = [soma(pago), soma(devolvido)];
  const resta = pagos.subtrair(jaDevolvido);
  const parte = parteDe(pagos, percentual);
  const reembolso = parte.centavos < resta.centavos ? parte : resta;
  const gratuita = pagos.centavos === 0n && percentual > 0;
  const menos = reembolso.centavos < parte.centavos ? ` Já voltaram ${emDinheiro(jaDevolvido)} antes.` : '';
  return Result.ok({
    percentual,
    reembolso,
    reembolsoCreditos: dividirEstorno(reembolso, pago, devolvido).creditos,
    creditoBonus: parteDe(resta, bonusPercentual),
    jaDevolvido,
    explicacao: gratuita ? 'A reserva não custou nada: não há o que devolver.' : `${explicacao}${menos}`,
  });
}

function nadaPago(): Resposta {
  const nada = Dinheiro.zero();
  const valores = { reembolso: nada, reembolsoCreditos: nada, creditoBonus: nada, jaDevolvido: nada };
  return Result.ok({
    percentual: 0,
    ...valores,
    explicacao: 'A reserva não foi paga: não há o que devolver.',
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
