import { EncerrarCobrancaSchema } from '@plataforma/contratos/reservas/v1/comandos_pb';
import {
  type ReservaAceita,
  ReservaAceitaSchema,
  type ReservaCriada,
  ReservaCriadaSchema,
} from '@plataforma/contratos/reservas/v1/eventos_pb';
import type { Result } from '@plataforma/domain/result';
import { type EventSubscription, on } from '@plataforma/runtime/event-message';
import type { Recusa } from '../../pagamento/domain/recusa.ts';
import { causaDe, permanente } from '../../pagamento/infrastructure/evento-recebido.ts';
import type { CriarCobrancaHandler } from '../application/criar-cobranca.ts';
import type { EncerrarCobrancaHandler } from '../application/encerrar-cobranca.ts';
import type { UsarCreditosHandler } from '../application/usar-creditos.ts';
import { criarCobrancaFrom, usarCreditosFrom } from '../pedido-de-cobranca.ts';

interface Deps {
  readonly criarCobranca: Pick<CriarCobrancaHandler, 'execute'>;
  readonly usarCreditos: Pick<UsarCreditosHandler, 'execute'>;
  readonly encerrarCobranca: Pick<EncerrarCobrancaHandler, 'execute'>;
}

/**
 * Charges every reservation, also when reservas could not call us, and closes the charges of those that expire. A
 * provider that is away is no failure here, for what is to be done is on record and swept up later.
 */
export function reservasConsumer(deps: Deps): EventSubscription[] {
  const { criarCobranca, usarCreditos, encerrarCobranca } = deps;
  return [
    on(ReservaCriadaSchema, async (evento, meta) => {
      const { guardarCreditos } = evento;
      const cobranca = criarCobrancaFrom({ ...pedidoDe(evento), guardarCreditos }, causaDe(meta));
      feito(evento.reservaId, await criarCobranca.execute(cobranca));
    }),
    on(ReservaAceitaSchema, async (evento, meta) =>
      feito(evento.reservaId, await usarCreditos.execute(usarCreditosFrom(pedidoDe(evento), causaDe(meta)))),
    ),
    on(EncerrarCobrancaSchema, ({ reservaId, clienteId }, meta) =>
      encerrarCobranca.execute({
        ...{ reservaId, clienteId, motivo: 'RESERVA_EXPIRANDO' },
        pedido: meta.agregado.versao,
        causa: causaDe(meta),
      }),
    ),
  ];
}

/** The provider is away and the queues have it, or the reservation ended before it was charged. */
const NADA_A_FAZER: ReadonlySet<string> = new Set(['PROVEDOR_INDISPONIVEL', 'COBRANCA_ENCERRADA']);

function feito(reservaId: string, resultado: Result<unknown, Recusa>): void {
  if (resultado.isFailure && !NADA_A_FAZER.has(resultado.error.motivo))
    throw permanente(reservaId, resultado.error);
}

/** An event of a release that sent no description says at least what is paid. */
function pedidoDe(evento: ReservaCriada | ReservaAceita) {
  const { reservaId, clienteId, valor, expiraEm, espacoNome } = evento;
  const descricao = evento.descricao || `Reserva de ${espacoNome}`;
  return { reservaId, clienteId, valor, expiraEm, descricao };
}
