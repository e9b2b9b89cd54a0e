import type { EventoDeCalendario } from '@plataforma/domain/formats/icalendar';
import { aguardaPagamento, type StatusReserva } from '../../agenda/domain/status-reserva.ts';
import { emDinheiro } from '../../precos/domain/precificacao-textos.ts';
import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';

/** What the entries of all feeds have in common. */
export interface Enderecos {
  /** Right of the `@` of every UID; the same as in the e-mails' files, so that a program sees one entry. */
  readonly dominio: string;
}

const STATUS: Readonly<Record<StatusReserva, EventoDeCalendario['status']>> = {
  PENDENTE_COBRANCA: 'TENTATIVE',
  PENDENTE_PAGAMENTO: 'TENTATIVE',
  EXPIRANDO: 'TENTATIVE',
  CONFIRMADA: 'CONFIRMED',
  CONCLUIDA: 'CONFIRMED',
  CANCELADA: 'CANCELLED',
  EXPIRADA: 'CANCELLED',
};

/**
 * What the customer sees: where, for how much, and whether it is to be paid. Not where: a feed is read by servers of others, who
 * must not be shown an address that something is done at.
 */
export function eventoParaCliente(reserva: EstadoReserva, enderecos: Enderecos): EventoDeCalendario {
  const linhas = [
    `Reserva ${reserva.id}`,
    `Valor: ${emDinheiro(reserva.preco.valor)}`,
    ...(aguardaPagamento(reserva.status) ? ['Pagamento pendente'] : []),
  ];
  return {
    ...comum(reserva, enderecos),
    titulo: reserva.espacoNome,
    descricao: linhas.join('\n'),
    local: reserva.espacoEndereco,
    url: '',
  };
}

/** What a person who runs the space sees: that it is taken. Nothing tells by whom. */
export function eventoParaEspaco(reserva: EstadoReserva, enderecos: Enderecos): EventoDeCalendario {
  return {
    ...comum(reserva, enderecos),
    titulo: `Reserva ${reserva.id}`,
    descricao: '',
    local: reserva.espacoEndereco,
    url: '',
  };
}

/** The version counts the entry's changes in the feed and in the e-mails' files alike: a program that has both takes the newer. */
function comum({ id, versao, status, atualizadoEm, periodo }: EstadoReserva, { dominio }: Enderecos) {
  return {
    uid: `${id}@${dominio}`,
    sequencia: versao,
    status: STATUS[status],
    geradoEm: atualizadoEm,
    inicio: periodo.inicio,
    fim: periodo.fim,
    organizador: undefined,
  };
}
