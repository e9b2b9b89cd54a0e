import {
  byInstant,
  type Pagina,
  type PaginaInvalidaError,
  type PaginaPedida,
  type Posicao,
  readPage,
} from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import type { Solicitante } from '../../contas/domain/solicitante.ts';
import { podeListarTodos, podeVer } from '../../contas/domain/solicitante.ts';
import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import { type Serie, SerieNaoEncontradaError } from '../domain/serie.ts';
import type { ConsultaDeSeries, FiltroSeries } from './ports.ts';

/** A series with its reservations, by number. */
export interface SerieComReservas {
  readonly serie: Serie;
  readonly reservas: readonly EstadoReserva[];
}

export interface ListarSeriesQuery extends FiltroSeries, PaginaPedida {
  readonly solicitante: Solicitante;
}

/** Reads of series. */
export class SeriesQueries {
  readonly #consulta: ConsultaDeSeries;

  constructor(consulta: ConsultaDeSeries) {
    this.#consulta = consulta;
  }

  /** Somebody else's series is as unknown as one that does not exist. */
  async findById(
    id: string,
    solicitante: Solicitante,
  ): Promise<Result<SerieComReservas, SerieNaoEncontradaError>> {
    const serie = await this.#consulta.serie(id);
    if (!serie || !podeVer(serie, solicitante)) return Result.fail(new SerieNaoEncontradaError());
    return Result.ok({ serie, reservas: await this.#consulta.reservas(id) });
  }

  async listar({
    solicitante,
    pageSize,
    pageToken,
    ...pedido
  }: ListarSeriesQuery): Promise<Result<Pagina<Serie>, PaginaInvalidaError>> {
    const filtro = {
      ...pedido,
      clienteId: podeListarTodos(solicitante, pedido) ? pedido.clienteId : solicitante.id,
    };
    return readPage({ pageSize, pageToken }, byInstant, posicaoDe, (maximo, depoisDe) =>
      this.#consulta.series(filtro, maximo, depoisDe),
    );
  }
}

const posicaoDe = ({ criadoEm, id }: Serie): Posicao => ({ ordem: criadoEm.toISOString(), id });
