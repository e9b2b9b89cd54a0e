import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import { normalizarTexto } from '@plataforma/domain/texto';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { ocupa } from '../../agenda/domain/status-reserva.ts';
import type { Recusa } from '../../comum/domain/recusa.ts';
import { administra, podeCancelar, type Solicitante } from '../../contas/domain/solicitante.ts';
import { alterarReserva } from '../../reservas/application/alterar-reserva.ts';
import type { ConsultaDeReservas } from '../../reservas/application/ports.ts';
import type { Cancelamento, EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import { recebido } from '../../reservas/domain/estornos-da-reserva.ts';
import type { ExcecaoCancelamento } from '../../reservas/domain/politica-cancelamento.ts';
import {
  ReservaNaoEncontradaError,
  TransicaoInvalidaError,
} from '../../reservas/domain/recusas-da-reserva.ts';
import type { Reserva } from '../../reservas/domain/reserva.ts';
import { type Avaliacao, avaliarCancelamento } from '../domain/avaliar-cancelamento.ts';
import { gastarBonus, verificarExcecao } from './excecao.ts';
import type { SaldosDePagamentos, Transacao } from './ports.ts';
import { comSaldo, type Saldos, saldosDe } from './saldos.ts';

export interface CancelarReservaCommand {
  readonly reservaId: string;
  readonly solicitante: Solicitante;
  readonly motivo: string;
  readonly excecao: ExcecaoCancelamento | undefined;
}

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly consulta: Pick<ConsultaDeReservas, 'reserva'>;
  readonly pagamentos: SaldosDePagamentos;
  readonly clock: Clock;
}

/** Frees the slot and tells pagamentos what goes back. */
export class CancelarReservaHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: CancelarReservaCommand): Promise<Result<EstadoReserva, Recusa>> {
    const { uow, consulta, pagamentos, clock } = this.#deps;
    const vista = await consulta.reserva(command.reservaId);
    const saldos = await saldosDe(
      pagamentos,
      vista && podeCancelar(vista, command.solicitante) ? [vista] : [],
    );
    return uow.run(async (tx) => {
      await tx.claimKey(command.reservaId);
      return alterarReserva<Recusa>(tx, command.reservaId, async (reserva) => {
        if (!podeCancelar(reserva.estado, command.solicitante))
          return Result.fail(new ReservaNaoEncontradaError());
        if (reserva.estado.status === 'CANCELADA') return Result.ok(undefined);
        const cabe = await verificarExcecao(tx, 'CancelarReserva.excepcional', reserva.estado, command);
        if (cabe.isFailure) return cabe;
        const em = clock.now();
        const cancelada = cancelar(reserva, command, em, saldos);
        const { cancelamento } = reserva.estado;
        if (cancelada.isFailure || !cancelamento) return cancelada;
        return gastarBonus(tx, reserva.estado, cancelamento, command.solicitante, em);
      });
    });
  }
}

/** Cancels what the policy allows, of somebody who may see it and claim the exception. */
export function cancelar(
  reserva: Reserva,
  command: Omit<CancelarReservaCommand, 'reservaId'>,
  em: Date,
  saldos: Saldos,
): Result<void, Recusa> {
  const { solicitante, motivo, excecao } = command;
  if (reserva.estado.status === 'CANCELADA') return Result.ok(undefined);
  const avaliada = avaliar(comSaldo(reserva.estado, saldos), command, em);
  if (avaliada.isFailure) return avaliada;
  const { reembolso, reembolsoCreditos, creditoBonus, explicacao } = avaliada.value;
  const cancelamento: Cancelamento = {
    ...{ em, excecao, reembolso, reembolsoCreditos, creditoBonus },
    motivo: normalizarTexto(motivo, { linhas: true }),
  };
  const porque = cancelamento.motivo === '' ? explicacao : `${cancelamento.motivo} (${explicacao})`;
  return reserva.cancelar(cancelamento, { quem: solicitante.id, porque, em });
}

/** The one judgement behind the preview and the cancellation. Who runs the space may what ADMIN may. */
export function avaliar(
  estado: EstadoReserva,
  { solicitante, motivo, excecao }: Omit<CancelarReservaCommand, 'reservaId'>,
  agora: Date,
): Result<Avaliacao, Recusa> {
  const { espacoId, status, politica, criadoEm, periodo } = estado;
  const admin = administra(solicitante, espacoId);
  if (!ocupa(status)) return Result.fail(new TransicaoInvalidaError(status, 'não pode ser cancelada'));
  const { inicio } = periodo;
  return avaliarCancelamento({
    politica,
    criadoEm,
    inicio,
    recebido: recebido(estado),
    agora,
    admin,
    motivo,
    excecao,
  });
}
