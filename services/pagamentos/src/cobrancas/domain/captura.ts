import type { Dinheiro } from '@plataforma/domain/dinheiro';
import { DomainError } from '@plataforma/domain/domain-error';
import { Result } from '@plataforma/domain/result';
import { devolverExcedente, type RecusaDeEstorno, solicitarEstorno } from '../../estornos/domain/estorno.ts';
import { estornosDoCobrado, valorNoCartao } from '../../pagamento/domain/contas.ts';
import { CAPTURA_DIVERGENTE, type PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import { type EstadoPagamento, fold } from '../../pagamento/domain/pagamento.ts';
import { PagamentoNaoEncontradoError } from '../../pagamento/domain/recusa.ts';

/** Money that has come in, as the provider tells of it. */
export interface Captura {
  readonly pagamentoId: string;
  readonly intencaoId: string;
  readonly valor: Dinheiro;
  /** For whom it says that it is; undefined when the provider was asked about our own checkout. */
  readonly de?: { readonly reservaId: string; readonly clienteId: string };
}

/** The provider took another amount than was charged: never approved by itself, a person has to look. */
class CapturaDivergenteError extends DomainError {
  override readonly motivo = 'CAPTURA_DIVERGENTE';

  constructor(cobrado: Dinheiro, capturado: Dinheiro) {
    super('O valor capturado difere do valor cobrado.', {
      cobrado: `${cobrado.centavos} ${cobrado.moeda}`,
      capturado: `${capturado.centavos} ${capturado.moeda}`,
    });
  }
}

/** Money that names this charge for another reservation or customer than it was made for: a person has to look. */
class CapturaAlheiaError extends DomainError {
  override readonly motivo = 'CAPTURA_ALHEIA';

  constructor(pagamentoId: string, intencaoId: string) {
    super('O valor capturado é de outra reserva ou de outro cliente.', { pagamentoId, intencaoId });
  }
}

/** One charge was paid twice, by two payment intents: the second must be given back. */
class CapturaDuplicadaError extends DomainError {
  override readonly motivo = 'CAPTURA_DUPLICADA';

  constructor(primeira: string, segunda: string) {
    super('A cobrança foi paga mais de uma vez.', { primeira, segunda });
  }
}

/** Why captured money is not taken for what was charged. */
type RecusaDeCaptura =
  | PagamentoNaoEncontradoError
  | CapturaAlheiaError
  | CapturaDivergenteError
  | CapturaDuplicadaError
  | RecusaDeEstorno;

type Eventos = readonly PagamentoEvent[];

const MINUTO_MS = 60_000;
const SEM_DESFECHO_MS = 5 * MINUTO_MS;
const REANUNCIO_MAXIMO_MS = 24 * 60 * MINUTO_MS;

/**
 * Money came in. It is a fact even when the charge was cancelled before: the reservation is then confirmed after all
 * or the money is given back, at once when its credit has been given back already, for the card alone does not pay the
 * reservation; neither does less than was charged, and then a reservation that waits for the charge to be closed hears that it is. Of
 * more than was charged the surplus goes back at once. The same capture told again changes nothing.
 */
export function aprovar(
  estado: EstadoPagamento,
  { pagamentoId, intencaoId, valor, de }: Captura,
  em: Date,
): Result<Eventos, RecusaDeCaptura> {
  if (estado.fase === 'INEXISTENTE') return Result.fail(new PagamentoNaoEncontradoError(pagamentoId));
  if (de && (de.reservaId !== estado.reservaId || de.clienteId !== estado.clienteId))
    return Result.fail(new CapturaAlheiaError(pagamentoId, intencaoId));
  if (estado.fase === 'APROVADO') {
    const primeira = estado.aprovacao.intencaoId ?? '';
    return primeira === intencaoId
      ? Result.ok([])
      : Result.fail(new CapturaDuplicadaError(primeira, intencaoId));
  }
  const cobrado = valorNoCartao(estado);
  if (valor.moeda !== cobrado.moeda || valor.centavos <= 0n)
    return Result.fail(new CapturaDivergenteError(cobrado, valor));
  const aprovado: PagamentoEvent = { tipo: 'PagamentoAprovado', intencaoId, valor, em };
  const basta = valor.centavos >= cobrado.centavos;
  if (basta && (estado.fase === 'PENDENTE' || estado.creditos.centavos === 0n))
    return Result.ok([aprovado, ...devolverExcedente(fold([aprovado], estado), em)]);
  const motivo = basta ? 'CREDITO_DEVOLVIDO' : CAPTURA_DIVERGENTE;
  const devolucao = { pagamentoId, origem: 'NAO_APROVEITADO', valor: undefined, motivo } as const;
  const devolvido = solicitarEstorno(fold([aprovado], estado), devolucao, em);
  if (devolvido.isFailure) return devolvido;
  const pergunta = estado.fase === 'PENDENTE' && estado.encerramento !== undefined;
  const resposta: PagamentoEvent = { tipo: 'EncerramentoRespondido', pedido: estado.ultimoPedido, em };
  return Result.ok([aprovado, ...devolvido.value, ...(pergunta ? [resposta] : [])]);
}

/**
 * Asks what became of the reservation, when that was not heard: five minutes after the approval, then after waits that
 * double, at most a day. Money that goes back asks nothing; a surplus that does leaves the question open.
 */
export function reanunciarAprovacao(estado: EstadoPagamento, em: Date): Eventos {
  if (estado.fase !== 'APROVADO' || estornosDoCobrado(estado).length > 0) return [];
  const calado = estado.atualizadoEm.getTime() - estado.aprovacao.em.getTime();
  const espera = Math.min(Math.max(calado, SEM_DESFECHO_MS), REANUNCIO_MAXIMO_MS);
  if (em.getTime() - estado.atualizadoEm.getTime() < espera) return [];
  return [{ tipo: 'AprovacaoReanunciada', em }];
}
