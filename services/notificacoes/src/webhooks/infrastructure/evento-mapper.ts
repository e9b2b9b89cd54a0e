import type { Message } from '@bufbuild/protobuf';
import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';
import type {
  EstornoConcluido,
  EstornoFalhou,
  PagamentoAprovado,
  PagamentoRecusado,
} from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import type {
  ReservaCancelada,
  ReservaConcluida,
  ReservaConfirmada,
  ReservaCriada,
  ReservaExpirada,
} from '@plataforma/contratos/reservas/v1/eventos_pb';
import { type EventMeta, PermanentError } from '@plataforma/runtime/event-message';
import type { EventoPublico, TipoDeEvento } from '../domain/evento-publico.ts';

type Dados = EventoPublico['dados'];

/** What receivers learn of each event. Who the customer is, and what anybody wrote, stays here. */
export function criadaFrom(evento: ReservaCriada): Dados {
  const { dataInicio, dataFim, expiraEm, valor } = evento;
  return { ...daReserva(evento), ...instantes({ dataInicio, dataFim, expiraEm }), ...dinheiro({ valor }) };
}

export function confirmadaFrom(evento: ReservaConfirmada): Dados {
  const { dataInicio, dataFim, valor, pagamentoId } = evento;
  return {
    ...daReserva(evento),
    ...instantes({ dataInicio, dataFim }),
    ...dinheiro({ valor }),
    ...textos({ pagamentoId }),
  };
}

export function canceladaFrom(evento: ReservaCancelada): Dados {
  const { dataInicio, dataFim, reembolso, pagamentoId, desistencia } = evento;
  return {
    ...daReserva(evento),
    ...instantes({ dataInicio, dataFim }),
    ...dinheiro({ reembolso }),
    ...textos({ pagamentoId }),
    desistencia,
  };
}

export const encerradaFrom = (evento: ReservaExpirada | ReservaConcluida): Dados => daReserva(evento);

export function aprovadoFrom(evento: PagamentoAprovado): Dados {
  return { ...doPagamento(evento), ...dinheiro({ valor: evento.valor }) };
}

/** Without why: what a provider says may speak of a suspicion. */
export function recusadoFrom(evento: PagamentoRecusado): Dados {
  return { ...doPagamento(evento), definitiva: evento.definitiva };
}

export function estornoFrom(evento: EstornoConcluido | EstornoFalhou): Dados {
  const { numero, valor, excedente } = evento;
  const como = 'emCreditos' in evento ? { emCreditos: evento.emCreditos } : { devolvido: evento.devolvido };
  return { ...doPagamento(evento), numero, ...dinheiro({ valor }), excedente, ...como };
}

type DeUmaReserva = Message & { readonly reservaId: string; readonly ocorridoEm?: Timestamp | undefined };

/** @throws PermanentError for an event that does not say which reservation it is about. */
export function eventoFrom(
  evento: DeUmaReserva & { readonly espacoId?: string },
  { id, agregado, ocorridoEm }: EventMeta,
  tipo: TipoDeEvento,
  dados: Dados,
): EventoPublico {
  if (evento.reservaId === '') throw new PermanentError(`${evento.$typeName} lacks a field`);
  return {
    id,
    tipo,
    chave: `${agregado.tipo}:${agregado.id}`,
    versao: agregado.versao,
    reservaId: evento.reservaId,
    espacoId: evento.espacoId || undefined,
    ocorridoEm: evento.ocorridoEm ? timestampDate(evento.ocorridoEm) : ocorridoEm,
    dados,
  };
}

function daReserva(evento: { reservaId: string; espacoId: string; serieId?: string }): Dados {
  const { reservaId, espacoId, serieId = '' } = evento;
  return { reservaId, espacoId, ...textos({ serieId }) };
}

const doPagamento = ({ pagamentoId, reservaId }: { pagamentoId: string; reservaId: string }): Dados => ({
  pagamentoId,
  reservaId,
});

const textos = (campos: Record<string, string>): Dados =>
  Object.fromEntries(Object.entries(campos).filter(([, texto]) => texto !== ''));

function instantes(campos: Record<string, Timestamp | undefined>): Dados {
  return Object.fromEntries(
    Object.entries(campos).flatMap(([nome, instante]) =>
      instante ? [[nome, timestampDate(instante).toISOString()]] : [],
    ),
  );
}

/** Amounts are below 2^53 cents. */
function dinheiro(campos: Record<string, { centavos: bigint; moeda: string } | undefined>): Dados {
  return Object.fromEntries(
    Object.entries(campos).flatMap(([nome, valor]) =>
      valor ? [[nome, { centavos: Number(valor.centavos), moeda: valor.moeda }]] : [],
    ),
  );
}
