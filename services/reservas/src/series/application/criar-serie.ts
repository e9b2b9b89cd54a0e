import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import { withNewId } from '@plataforma/domain/id';
import { Result } from '@plataforma/domain/result';
import type { ClaimsKey, UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Recusa } from '../../comum/domain/recusa.ts';
import { type Dispensas, verificarDispensas } from '../../espacos/domain/dispensas.ts';
import { EspacoNaoEncontradoError } from '../../espacos/domain/espaco.ts';
import { novaReserva } from '../../reservas/application/nova-reserva.ts';
import type { Cobrancas, ObservadorDeReservas } from '../../reservas/application/ports.ts';
import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import type { OcorrenciaAvaliada } from '../domain/avaliar-serie.ts';
import { type Ocorrencia, ocorrenciasDaSerie } from '../domain/ocorrencias-da-serie.ts';
import { type ModoDaSerie, type PlanoDaSerie, type Serie, SerieNaoEncontradaError } from '../domain/serie.ts';
import { type OcorrenciaImpedida, serieRecusada } from '../domain/serie-recusada.ts';
import { avaliarPlano, type PlanoAvaliado } from './avaliar-plano.ts';
import { cobrarTodas } from './cobrar-todas.ts';
import type { Transacao } from './ports.ts';
import type { SerieComReservas } from './series-queries.ts';

export interface CriarSerieCommand {
  readonly plano: PlanoDaSerie;
  readonly modo: ModoDaSerie;
  /** Who books: the customer, or an admin for the customer. */
  readonly quem: string;
  readonly dispensas: Dispensas;
  /** Milliseconds that the caller waits for charges from now on. */
  readonly restaMs: () => number;
}

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly ids: IdGenerator;
  readonly clock: Clock;
  readonly cobrancas: Pick<Cobrancas, 'cobrar'>;
  readonly observador: ObservadorDeReservas;
  /** Extra credit for a problem of the space, in percent of what was paid. */
  readonly bonusPercentual: number;
}

/** What one attempt works with: identities are fetched before, no transaction waits for the network. */
interface Tentativa {
  readonly serieId: string;
  readonly reservaIds: readonly string[];
  readonly ocorrencias: readonly Ocorrencia[];
}

/** Takes all slots of a series in one transaction and, once that is committed, asks for the payments. */
export class CriarSerieHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: CriarSerieCommand): Promise<Result<SerieComReservas, Recusa>> {
    const dispensas = verificarDispensas(command.dispensas);
    if (dispensas.isFailure) return dispensas;
    const ocorrencias = await this.#datas(command.plano);
    if (ocorrencias.isFailure) return ocorrencias;
    const guardada = await this.#guardar(command, ocorrencias.value);
    if (guardada.isFailure) return guardada;
    for (const nova of guardada.value.reservas) this.#deps.observador.reservaCriada(nova);
    return Result.ok(await this.#cobrada(guardada.value, command.restaMs()));
  }

  /** What an earlier attempt of the same call has made. It may have ended before it had asked for all payments. */
  async repeat(id: string, restaMs: number): Promise<Result<SerieComReservas, SerieNaoEncontradaError>> {
    const feita = await this.#deps.uow.run(async ({ series }) => {
      const serie = await series.findById(id);
      return serie && { serie, reservas: (await series.reservas(id)).map(({ estado }) => estado) };
    });
    return feita
      ? Result.ok(await this.#cobrada(feita, restaMs))
      : Result.fail(new SerieNaoEncontradaError());
  }

  async #cobrada({ serie, reservas }: SerieComReservas, restaMs: number): Promise<SerieComReservas> {
    const { cobrancas } = this.#deps;
    return {
      serie,
      reservas: await cobrarTodas(reservas, (reserva) => cobrancas.cobrar(reserva), restaMs),
    };
  }

  async #datas(plano: PlanoDaSerie): Promise<Result<Ocorrencia[], Recusa>> {
    const espaco = await this.#deps.uow.run(({ espacos }) => espacos.findById(plano.espacoId));
    if (!espaco) return Result.fail(new EspacoNaoEncontradoError());
    return ocorrenciasDaSerie(plano, espaco.estado.fusoHorario);
  }

  async #guardar(
    command: CriarSerieCommand,
    ocorrencias: readonly Ocorrencia[],
  ): Promise<Result<SerieComReservas, Recusa>> {
    const { ids, uow } = this.#deps;
    try {
      return await withNewId(ids, 'ser', async (serieId) => {
        const reservaIds = await Promise.all(ocorrencias.map(() => ids.next('res')));
        return uow.run((tx) => this.#reservar(tx, command, { serieId, reservaIds, ocorrencias }));
      });
    } catch (error) {
      if (error instanceof SerieDesfeita) return Result.fail(error.recusa);
      throw error;
    }
  }

  /** @throws SerieDesfeita when the constraints refuse a date: nothing of the series stays. */
  async #reservar(
    tx: Transacao & ClaimsKey,
    command: CriarSerieCommand,
    tentativa: Tentativa,
  ): Promise<Result<SerieComReservas, Recusa>> {
    const { plano, quem, dispensas } = command;
    const agora = this.#deps.clock.now();
    await tx.claimKey(tentativa.serieId);
    await tx.reservas.travar(plano.clienteId, plano.espacoId);
    const { ocorrencias } = tentativa;
    const avaliado = await avaliarPlano(tx, { plano, quem, ocorrencias, dispensas, agora });
    if (avaliado.isFailure) return avaliado;
    const impedidas = avaliado.value.ocorrencias.filter(impedida);
    const sobraAlguma = avaliado.value.ocorrencias.some(livre);
    if (!sobraAlguma || (command.modo === 'TUDO_OU_NADA' && impedidas.length > 0))
      return Result.fail(serieRecusada(impedidas, sobraAlguma));

    const serie = novaSerie(tentativa.serieId, command, avaliado.value, agora);
    await tx.series.add(serie);
    const reservas = await this.#reservarLivres(tx, command, tentativa, avaliado.value, agora);
    return Result.ok({ serie, reservas });
  }

  async #reservarLivres(
    tx: Transacao,
    { plano, quem, dispensas }: CriarSerieCommand,
    { serieId, reservaIds }: Tentativa,
    { espaco, extras, ocorrencias }: PlanoAvaliado,
    agora: Date,
  ): Promise<EstadoReserva[]> {
    const { bonusPercentual } = this.#deps;
    const { clienteId, guardarCreditos } = plano;
    const pedido = { cotacaoId: undefined, clienteId, quem, dispensas, guardarCreditos };
    const feitas: EstadoReserva[] = [];
    for (const ocorrencia of ocorrencias.filter(livre)) {
      const { numero, data, periodo, preco } = ocorrencia;
      const id = reservaIds[numero - 1];
      if (id === undefined) throw new Error(`occurrence ${numero} has no identity`);
      const escolhidos = { id, periodo, preco, extras, serie: { serieId, numero, data } };
      const reserva = novaReserva(escolhidos, pedido, espaco, { agora, bonusPercentual });
      const guardada = await tx.reservas.add(reserva);
      if (guardada.isFailure)
        throw new SerieDesfeita(
          serieRecusada([{ ...ocorrencia, estado: 'CONFLITO', recusa: guardada.error }], true),
        );
      feitas.push(reserva.estado);
    }
    return feitas;
  }
}

/** Rolls the transaction back and carries the refusal out of it. */
class SerieDesfeita extends Error {
  override readonly name = 'SerieDesfeita';
  readonly recusa: Recusa;

  constructor(recusa: Recusa) {
    super('the constraints refused an occurrence');
    this.recusa = recusa;
  }
}

function novaSerie(
  id: string,
  { plano, modo, quem }: CriarSerieCommand,
  { espaco, ocorrencias }: PlanoAvaliado,
  agora: Date,
): Serie {
  const puladas = ocorrencias.filter(impedida).map(({ numero, data, recusa }) => ({
    numero,
    data,
    motivo: recusa.motivo,
    mensagem: recusa.message,
  }));
  const { fusoHorario } = espaco.estado;
  return { ...plano, id, fusoHorario, modo, puladas, criadaPor: quem, criadoEm: agora };
}

function livre(
  ocorrencia: OcorrenciaAvaliada,
): ocorrencia is Extract<OcorrenciaAvaliada, { readonly estado: 'LIVRE' }> {
  return ocorrencia.estado === 'LIVRE';
}

function impedida(ocorrencia: OcorrenciaAvaliada): ocorrencia is OcorrenciaImpedida {
  return 'recusa' in ocorrencia;
}
