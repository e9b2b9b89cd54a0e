import type { Clock } from '@plataforma/domain/clock';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Recusa } from '../../comum/domain/recusa.ts';
import { AcessoNegadoError, type Solicitante } from '../../contas/domain/solicitante.ts';
import type { ReservasQueries } from '../../reservas/application/reservas-queries.ts';
import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import { recebido, soma } from '../../reservas/domain/estornos-da-reserva.ts';
import type { ExcecaoCancelamento } from '../../reservas/domain/politica-cancelamento.ts';
import {
  type ReservaNaoEncontradaError,
  TransicaoInvalidaError,
} from '../../reservas/domain/recusas-da-reserva.ts';
import type { Avaliacao } from '../domain/avaliar-cancelamento.ts';
import { avaliar } from './cancelar-reserva.ts';
import { verificarBonus, verificarExcecao } from './excecao.ts';
import type { SaldosDePagamentos, Transacao } from './ports.ts';
import { comSaldo, saldosDe } from './saldos.ts';

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly reservas: Pick<ReservasQueries, 'findById'>;
  readonly pagamentos: SaldosDePagamentos;
  readonly clock: Clock;
}

export interface SimularCancelamentoQuery {
  readonly reservaId: string;
  readonly solicitante: Solicitante;
  readonly excecao: ExcecaoCancelamento | undefined;
}

export interface Simulacao extends Avaliacao {
  /** Whose reservation it is. */
  readonly clienteId: string;
  readonly permitido: boolean;
}

/** Stands for the reason that an admin would give. */
const MOTIVO = 'simulação';

/** What cancelling now would give back; nothing is changed. */
export class SimularCancelamentoHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    reservaId,
    solicitante,
    excecao,
  }: SimularCancelamentoQuery): Promise<
    Result<Simulacao, ReservaNaoEncontradaError | TransicaoInvalidaError | AcessoNegadoError>
  > {
    const { reservas, pagamentos } = this.#deps;
    const vista = await reservas.findById(reservaId, solicitante);
    if (vista.isFailure) return vista;
    const reserva = comSaldo(vista.value, await saldosDe(pagamentos, [vista.value]));
    const { clienteId } = reserva;
    const avaliada = await this.#avaliar(reserva, { solicitante, excecao });
    if (avaliada.isSuccess) return Result.ok({ ...avaliada.value, permitido: true, clienteId });
    const { error } = avaliada;
    if (error instanceof TransicaoInvalidaError || error instanceof AcessoNegadoError)
      return Result.fail(error);
    const nada = Dinheiro.zero(reserva.preco.valor.moeda);
    const dinheiro = recebido(reserva);
    const jaDevolvido = dinheiro ? soma(dinheiro.devolvido) : nada;
    const valores = { reembolso: nada, reembolsoCreditos: nada, creditoBonus: nada, jaDevolvido };
    return Result.ok({ permitido: false, percentual: 0, ...valores, explicacao: error.message, clienteId });
  }

  /** As the cancellation would: whether the exception may be claimed, the policy, and whether the bonus is left. */
  async #avaliar(
    estado: EstadoReserva,
    { solicitante, excecao }: Omit<SimularCancelamentoQuery, 'reservaId'>,
  ): Promise<Result<Avaliacao, Recusa>> {
    const { uow, clock } = this.#deps;
    const agora = clock.now();
    const pelaPolitica = () => avaliar(estado, { solicitante, excecao, motivo: MOTIVO }, agora);
    if (excecao === undefined) return pelaPolitica();
    return uow.run(async (tx) => {
      const cabe = await verificarExcecao(tx, 'SimularCancelamento.excepcional', estado, {
        solicitante,
        excecao,
      });
      if (cabe.isFailure) return cabe;
      const avaliada = pelaPolitica();
      if (avaliada.isFailure) return avaliada;
      const haBonus = await verificarBonus(tx, estado, avaliada.value, solicitante, agora);
      return haBonus.isFailure ? haBonus : avaliada;
    });
  }
}
