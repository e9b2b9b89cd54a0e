import type { Dinheiro } from '@plataforma/domain/dinheiro';
import type { PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import type { EstadoPagamento } from '../../pagamento/domain/pagamento.ts';

/** What the provider says of a claim of the customer's bank. */
export interface NoticiaDeDisputa {
  readonly disputaId: string;
  readonly motivo: string;
  readonly valor: Dinheiro;
  /** `CONSULTA`: the bank only asks so far. */
  readonly situacao: 'CONSULTA' | 'ABERTA' | 'ENCERRADA';
  /** How it ended; empty while it has not. */
  readonly resultado: string;
}

/**
 * Follows a dispute forwards only, for news come in any order: its end may be told before its beginning, which is then
 * on record with it, for it says how much was claimed. An inquiry may become a claim.
 */
export function seguirDisputa(
  estado: EstadoPagamento,
  { situacao, resultado, ...disputa }: NoticiaDeDisputa,
  em: Date,
): readonly PagamentoEvent[] {
  if (estado.fase !== 'APROVADO') return [];
  const { disputaId } = disputa;
  const antes = estado.disputas.find(({ id }) => id === disputaId)?.situacao;
  if (antes === 'ENCERRADA' || antes === 'PERDIDA') return [];
  const eventos: PagamentoEvent[] = [];
  if (antes === undefined || (antes === 'CONSULTA' && situacao === 'ABERTA'))
    eventos.push({
      tipo: 'DisputaAberta',
      ...disputa,
      ...(situacao === 'CONSULTA' && { consulta: true }),
      em,
    });
  if (situacao === 'ENCERRADA') eventos.push({ tipo: 'DisputaEncerrada', disputaId, resultado, em });
  return eventos;
}
