import {
  byInstant,
  fromPageToken,
  type Pagina,
  type PaginaInvalidaError,
  pageSize,
} from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import type { Leitor } from '../../contas/domain/solicitante.ts';
import { podeVer, veTodos } from '../../contas/domain/solicitante.ts';
import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import { type Serie, SerieNaoEncontradaError } from '../domain/serie.ts';
import type { ConsultasSeries, FiltroSeries } from './ports.ts';

/** A series with its reservations, by number. */
export interface SerieComReservas {
  readonly serie: Serie;
  readonly reservas: readonly EstadoReserva[];
}

export interface ListarSeriesQuery extends FiltroSeries {
  readonly leitor: Leitor;
  readonly pageSize: number;
  readonly pageToken: string;
}

/** Reads of series. */
export class SeriesQueries {
  readonly #consultas: ConsultasSeries;

  constructor(consultas: ConsultasSeries) {
    this.#consultas = consultas;
  }

  /** Somebody else's series is as unknown as one that does not exist. */
  async obter(id: string, leitor: Leitor): Promise<Result<SerieComReservas, SerieNaoEncontradaError>> {
    const serie = await this.#consultas.serie(id);
    if (!serie || !podeVer(serie, leitor)) return Result.fail(new SerieNaoEncontradaError());
    return Result.ok({ serie, reservas: await this.#consultas.reservas(id) });
  }

  async listar({
    leitor,
    pageSize: asked,
    pageToken,
    ...pedido
  }: ListarSeriesQuery): Promise<Result<Pagina<Serie>, PaginaInvalidaError>> {
    const filtro = { ...pedido, clienteId: veTodos(leitor, pedido) ? pedido.clienteId : leitor.id };
    const depoisDe = fromPageToken(pageToken, byInstant);
    if (depoisDe.isFailure) return depoisDe;
    const pagina = await this.#consultas.series(filtro, pageSize(asked), depoisDe.value);
    return Result.ok(pagina);
  }
}
