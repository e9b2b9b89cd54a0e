import { Result } from '@plataforma/domain/result';
import { Recusa } from '../../comum/domain/recusa.ts';
import { type ExtraPedido, type ExtraReservado, mesmosExtras } from '../../precos/domain/extras.ts';
import type { Preco } from '../../precos/domain/precificacao.ts';
import { MINUTO_MS, type PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';

/** How long a quoted price holds. */
const VALIDADE_COTACAO_MINUTOS = 10;

/** A price that was promised to one customer for one period; it holds the price, never the slot. */
export interface Cotacao {
  readonly id: string;
  readonly clienteId: string;
  readonly espacoId: string;
  readonly periodo: PeriodoReserva;
  readonly extras: readonly ExtraReservado[];
  readonly preco: Preco;
  readonly criadoEm: Date;
  readonly validoAte: Date;
}

export class CotacaoInvalidaError extends Recusa {
  readonly motivo = 'COTACAO_INVALIDA';

  constructor(porque: string) {
    super(`A cotação não vale para esta reserva: ${porque}.`);
  }
}

/** What is being booked with a quote. */
export interface UsoDaCotacao {
  readonly clienteId: string;
  readonly espacoId: string;
  readonly periodo: PeriodoReserva;
  readonly extras: readonly ExtraPedido[];
}

export function novaCotacao(dados: Omit<Cotacao, 'criadoEm' | 'validoAte'>, agora: Date): Cotacao {
  const validoAte = new Date(agora.getTime() + VALIDADE_COTACAO_MINUTOS * MINUTO_MS);
  return { ...dados, criadoEm: agora, validoAte };
}

/** What a quote gives to a reservation. Somebody else's quote is as unknown as one that does not exist. */
export function usarCotacao(
  cotacao: Cotacao | undefined,
  uso: UsoDaCotacao,
  agora: Date,
): Result<Pick<Cotacao, 'preco' | 'extras'>, CotacaoInvalidaError> {
  if (!cotacao || cotacao.clienteId !== uso.clienteId) return recusa('ela não existe');
  if (agora >= cotacao.validoAte) return recusa('ela venceu');
  if (cotacao.espacoId !== uso.espacoId) return recusa('ela é de outro espaço');
  if (!cotacao.periodo.igual(uso.periodo)) return recusa('ela é de outro período');
  if (!mesmosExtras(cotacao.extras, uso.extras)) return recusa('ela tem outros adicionais');
  return Result.ok({ preco: cotacao.preco, extras: cotacao.extras });
}

function recusa(porque: string) {
  return Result.fail(new CotacaoInvalidaError(porque));
}
