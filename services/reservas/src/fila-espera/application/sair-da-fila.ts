import type { Clock } from '@plataforma/domain/clock';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { Result } from '@plataforma/domain/result';
import type { ClaimsKey, UnitOfWork } from '@plataforma/domain/unit-of-work';
import { aguardaPagamento } from '../../agenda/domain/status-reserva.ts';
import type { Recusa } from '../../comum/domain/recusa.ts';
import type { Solicitante } from '../../contas/domain/solicitante.ts';
import { podeCancelar } from '../../contas/domain/solicitante.ts';
import { alterarReserva } from '../../reservas/application/alterar-reserva.ts';
import type { Reserva } from '../../reservas/domain/reserva.ts';
import { EntradaNaoEncontradaError, type EstadoEntrada } from '../domain/entrada-fila.ts';
import type { Transacao } from './ports.ts';

export interface SairDaFilaCommand {
  readonly entradaId: string;
  readonly solicitante: Solicitante;
}

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly clock: Clock;
}

/** Leaves the line. A customer who has an offer declines it: the slot is free at once, for the next in line. */
export class SairDaFilaHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: SairDaFilaCommand): Promise<Result<EstadoEntrada, Recusa>> {
    for (;;) {
      try {
        return await this.#deps.uow.run((tx) => this.#sair(tx, command));
      } catch (error) {
        if (!(error instanceof OfertaRecebidaError)) throw error;
      }
    }
  }

  /**
   * A reservation is locked before the entry that it was offered to, by every transaction that changes both. So an entry that got its
   * offer just before it was locked is left alone.
   *
   * @throws OfertaRecebidaError when that happened: the offer is to be declined then, and nothing of this turn stays.
   */
  async #sair(
    tx: Transacao & ClaimsKey,
    { entradaId, solicitante }: SairDaFilaCommand,
  ): Promise<Result<EstadoEntrada, Recusa>> {
    await tx.claimKey(entradaId);
    const em = this.#deps.clock.now();
    const vista = await tx.fila.ver(entradaId);
    if (!vista || !podeCancelar(vista.estado, solicitante))
      return Result.fail(new EntradaNaoEncontradaError());
    const { oferta } = vista.estado;
    if (oferta) {
      const recusada = await alterarReserva(tx, oferta.reservaId, (reserva) =>
        recusar(reserva, solicitante.id, em),
      );
      if (recusada.isFailure) return recusada;
    }
    const entrada = await tx.fila.findById(entradaId);
    if (!entrada) return Result.fail(new EntradaNaoEncontradaError());
    if (!oferta && entrada.estado.oferta) throw new OfertaRecebidaError(entradaId);
    const { versao } = entrada.estado;
    entrada.sair(em);
    if (entrada.estado.versao !== versao) await tx.fila.save(entrada);
    return Result.ok(entrada.estado);
  }
}

/** The entry got an offer after it was looked at. */
class OfertaRecebidaError extends Error {
  override readonly name = 'OfertaRecebidaError';
}

/** A reservation that is paid, or over, is no offer any more. */
function recusar(reserva: Reserva, quem: string, em: Date): Result<void, Recusa> {
  if (!aguardaPagamento(reserva.estado.status)) return Result.ok(undefined);
  const nada = Dinheiro.zero();
  const motivo = 'oferta da fila recusada';
  return reserva.cancelar(
    { em, motivo, excecao: undefined, reembolso: nada, creditoBonus: nada },
    { quem, porque: motivo, em },
  );
}
