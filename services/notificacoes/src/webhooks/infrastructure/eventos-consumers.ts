import { UsuarioAtualizadoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import {
  EstornoConcluidoSchema,
  EstornoFalhouSchema,
  PagamentoAprovadoSchema,
  PagamentoRecusadoSchema,
} from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import {
  ReservaAceitaSchema,
  ReservaCanceladaSchema,
  ReservaConcluidaSchema,
  ReservaConfirmadaSchema,
  ReservaCriadaSchema,
  ReservaExpiradaSchema,
  ReservaOferecidaSchema,
  VagaOferecidaSchema,
} from '@plataforma/contratos/reservas/v1/eventos_pb';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import { type EventMeta, on } from '@plataforma/runtime/event-message';
import type { RegistrarEventoHandler } from '../application/registrar-evento.ts';
import type { EventoPublico } from '../domain/evento-publico.ts';
import {
  aprovadoFrom,
  canceladaFrom,
  confirmadaFrom,
  criadaFrom,
  encerradaFrom,
  estornoFrom,
  eventoFrom,
  recusadoFrom,
} from './evento-mapper.ts';

interface Deps {
  readonly registrar: Pick<RegistrarEventoHandler, 'execute'>;
  /** Whether somebody is an administrator. */
  readonly acesso: (usuarioId: string, tem: boolean) => Promise<void>;
  /** Deliveries to these addresses may have become due. */
  readonly wake: (webhookIds: readonly string[]) => void;
}

const RESERVATIONS = 'notificacoes-webhooks-reservas';
const PAYMENTS = 'notificacoes-webhooks-pagamentos';

/** What integrators are told of. Personal texts stay sealed: nothing of them is sent. */
export function webhooksConsumers(deps: Deps): ConsumeOptions[] {
  return [daReserva(deps), doPagamento(deps), daConta(deps)];
}

function daReserva(deps: Deps): ConsumeOptions {
  const tell = telling(deps, RESERVATIONS);
  const learn = learning(deps);
  return {
    stream: 'RESERVAS',
    durable: RESERVATIONS,
    filter: 'reservas.v1.>',
    on: [
      on(ReservaCriadaSchema, (e, meta) => tell(meta, eventoFrom(e, meta, 'RESERVA_CRIADA', criadaFrom(e)))),
      on(ReservaConfirmadaSchema, (e, meta) =>
        tell(meta, eventoFrom(e, meta, 'RESERVA_CONFIRMADA', confirmadaFrom(e))),
      ),
      on(ReservaCanceladaSchema, (e, meta) =>
        tell(meta, eventoFrom(e, meta, 'RESERVA_CANCELADA', canceladaFrom(e))),
      ),
      on(ReservaExpiradaSchema, (e, meta) =>
        tell(meta, eventoFrom(e, meta, 'RESERVA_EXPIRADA', encerradaFrom(e))),
      ),
      on(ReservaConcluidaSchema, (e, meta) =>
        tell(meta, eventoFrom(e, meta, 'RESERVA_CONCLUIDA', encerradaFrom(e))),
      ),
      on(ReservaAceitaSchema, learn),
      on(ReservaOferecidaSchema, learn),
      on(VagaOferecidaSchema, learn),
    ],
  };
}

function doPagamento(deps: Deps): ConsumeOptions {
  const tell = telling(deps, PAYMENTS);
  return {
    stream: 'PAGAMENTOS',
    durable: PAYMENTS,
    filter: 'pagamentos.v1.>',
    on: [
      on(PagamentoAprovadoSchema, (e, meta) =>
        tell(meta, eventoFrom(e, meta, 'PAGAMENTO_APROVADO', aprovadoFrom(e))),
      ),
      on(PagamentoRecusadoSchema, (e, meta) =>
        tell(meta, eventoFrom(e, meta, 'PAGAMENTO_RECUSADO', recusadoFrom(e))),
      ),
      on(EstornoConcluidoSchema, (e, meta) =>
        tell(meta, eventoFrom(e, meta, 'ESTORNO_CONCLUIDO', estornoFrom(e))),
      ),
      on(EstornoFalhouSchema, (e, meta) => tell(meta, eventoFrom(e, meta, 'ESTORNO_FALHOU', estornoFrom(e)))),
    ],
  };
}

/** May come again: what is disabled stays so until an administrator enables it. */
function daConta({ acesso }: Deps): ConsumeOptions {
  return {
    stream: 'AUTH',
    durable: 'notificacoes-webhooks-contas',
    filter: 'auth.v1.UsuarioAtualizado',
    on: [
      on(UsuarioAtualizadoSchema, ({ usuarioId, papeis, ativo }) =>
        acesso(usuarioId, ativo && papeis.includes(PapelUsuario.ADMIN)),
      ),
    ],
  };
}

function telling({ registrar, wake }: Deps, consumidor: string) {
  return async ({ id }: EventMeta, evento: EventoPublico): Promise<void> => {
    const { reservaId, espacoId } = evento;
    wake(await registrar.execute({ consumidor, mensagemId: id, reservaId, espacoId, evento }));
  };
}

/** The space of a reservation: its payments do not say it. */
function learning({ registrar, wake }: Deps) {
  return async (
    { reservaId, espacoId }: { reservaId: string; espacoId: string },
    { id }: EventMeta,
  ): Promise<void> => {
    const reserva = { reservaId, espacoId: espacoId || undefined, evento: undefined };
    wake(await registrar.execute({ consumidor: RESERVATIONS, mensagemId: id, ...reserva }));
  };
}
