import type { Clock } from '@plataforma/domain/clock';
import type { Dinheiro } from '@plataforma/domain/dinheiro';
import { Result } from '@plataforma/domain/result';
import type { ClaimsKey, UnitOfWork } from '@plataforma/domain/unit-of-work';
import { avaliar, cancelar } from '../../cancelamentos/application/cancelar-reserva.ts';
import { verificarExcecao } from '../../cancelamentos/application/excecao.ts';
import type { SaldosDePagamentos } from '../../cancelamentos/application/ports.ts';
import { comSaldo, type Saldos, saldosDe } from '../../cancelamentos/application/saldos.ts';
import type { Recusa } from '../../comum/domain/recusa.ts';
import type { Solicitante } from '../../contas/domain/solicitante.ts';
import { podeCancelar } from '../../contas/domain/solicitante.ts';
import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import type { ExcecaoCancelamento } from '../../reservas/domain/politica-cancelamento.ts';
import { TransicaoInvalidaError } from '../../reservas/domain/recusas-da-reserva.ts';
import type { Reserva } from '../../reservas/domain/reserva.ts';
import { type EscopoCancelamento, escolherOcorrencias } from '../domain/escopo-cancelamento.ts';
import { SerieNaoEncontradaError } from '../domain/serie.ts';
import type { ConsultaDeSeries, Transacao } from './ports.ts';

export interface CancelarSerieCommand {
  readonly serieId: string;
  readonly escopo: EscopoCancelamento;
  /** The occurrence from which; nothing to `TODAS`. */
  readonly reservaId: string;
  readonly solicitante: Solicitante;
  readonly motivo: string;
  readonly excecao: ExcecaoCancelamento | undefined;
}

/** What goes back for one occurrence. */
export interface Devolucao {
  readonly reembolso: Dinheiro;
  /** The part of `reembolso` that comes back as store credit; missing where that was not noted. */
  readonly reembolsoCreditos?: Dinheiro;
  readonly creditoBonus: Dinheiro;
  /** In Portuguese, for the customer. */
  readonly explicacao: string;
}

/** What becomes of one occurrence: it is cancelled, or it stays because of the refusal. */
export interface CancelamentoDeOcorrencia {
  readonly reserva: EstadoReserva;
  readonly resultado: Result<Devolucao, Recusa>;
}

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly consulta: Pick<ConsultaDeSeries, 'reservas'>;
  readonly pagamentos: SaldosDePagamentos;
  readonly clock: Clock;
}

/** Cancels occurrences of a series, each under its own policy; one that may not be cancelled stays as it is. */
export class CancelarSerieHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: CancelarSerieCommand): Promise<Result<CancelamentoDeOcorrencia[], Recusa>> {
    const { uow, consulta, pagamentos } = this.#deps;
    const vistas = await consulta.reservas(command.serieId);
    const saldos = await saldosDe(
      pagamentos,
      vistas.filter((vista) => podeCancelar(vista, command.solicitante)),
    );
    return uow.run((tx) => this.#cancelar(tx, command, saldos));
  }

  /** What an earlier attempt of the same call has cancelled. What stayed then, and has changed since, stays. */
  async repeat(command: CancelarSerieCommand): Promise<Result<CancelamentoDeOcorrencia[], Recusa>> {
    const { consulta, clock } = this.#deps;
    const escolhidas = escolherOcorrencias(
      await consulta.reservas(command.serieId),
      command.escopo,
      command.reservaId,
    );
    if (escolhidas.isFailure) return escolhidas;
    const agora = clock.now();
    return Result.ok(
      escolhidas.value.map((reserva) => {
        const julgada = julgarOcorrencia(reserva, command, agora);
        const ficou = julgada.isSuccess && reserva.status !== 'CANCELADA';
        return { reserva, resultado: ficou ? naoCancelada(reserva) : julgada };
      }),
    );
  }

  async #cancelar(
    tx: Transacao & ClaimsKey,
    command: CancelarSerieCommand,
    saldos: Saldos,
  ): Promise<Result<CancelamentoDeOcorrencia[], Recusa>> {
    await tx.claimKey(command.serieId);
    const serie = await tx.series.findById(command.serieId);
    if (!serie || !podeCancelar(serie, command.solicitante))
      return Result.fail(new SerieNaoEncontradaError());
    const cabe = await verificarExcecao(tx, 'CancelarSerie.excepcional', serie, command);
    if (cabe.isFailure) return cabe;
    const reservas = await tx.series.reservas(serie.id);
    const escolhidas = escolherOcorrencias(reservas, command.escopo, command.reservaId);
    if (escolhidas.isFailure) return escolhidas;
    const em = this.#deps.clock.now();
    const feitos: CancelamentoDeOcorrencia[] = [];
    for (const reserva of escolhidas.value)
      feitos.push(await cancelarOcorrencia(tx, reserva, command, em, saldos));
    return ouRecusa(feitos);
  }
}

async function cancelarOcorrencia(
  { reservas }: Transacao,
  reserva: Reserva,
  command: CancelarSerieCommand,
  em: Date,
  saldos: Saldos,
): Promise<CancelamentoDeOcorrencia> {
  const resultado = julgarOcorrencia(comSaldo(reserva.estado, saldos), command, em);
  if (resultado.isFailure || reserva.estado.status === 'CANCELADA')
    return { reserva: reserva.estado, resultado };
  const cancelada = cancelar(reserva, command, em, saldos);
  if (cancelada.isFailure) return { reserva: reserva.estado, resultado: cancelada };
  await reservas.save(reserva);
  return { reserva: reserva.estado, resultado };
}

/** The one judgement behind the preview and the cancellation. What was cancelled before keeps what it was given. */
export function julgarOcorrencia(
  estado: EstadoReserva,
  pedido: Pick<CancelarSerieCommand, 'solicitante' | 'motivo' | 'excecao'>,
  agora: Date,
): Result<Devolucao, Recusa> {
  const { status, cancelamento } = estado;
  if (status !== 'CANCELADA' || !cancelamento) return avaliar(estado, pedido, agora);
  const { em: _, motivo: __, excecao: ___, ...valores } = cancelamento;
  return Result.ok({ ...valores, explicacao: 'A reserva já estava cancelada.' });
}

function naoCancelada({ status }: EstadoReserva): Result<never, Recusa> {
  return Result.fail(new TransicaoInvalidaError(status, 'não foi cancelada com a série'));
}

/** A call that could cancel nothing is refused like the cancellation of one reservation. */
function ouRecusa(feitos: CancelamentoDeOcorrencia[]): Result<CancelamentoDeOcorrencia[], Recusa> {
  const [primeiro] = feitos;
  const nada = feitos.every(({ resultado }) => resultado.isFailure);
  return nada && primeiro?.resultado.isFailure ? primeiro.resultado : Result.ok(feitos);
}
