import {
  byInstant,
  type Pagina,
  type PaginaInvalidaError,
  type PaginaPedida,
  type Posicao,
  readPage,
} from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import { podeListarTodos, podeVer, type Solicitante } from '../../contas/domain/solicitante.ts';
import { PeriodoInvalidoError } from '../../tempo/domain/periodo-reserva.ts';
import type { EstadoReserva } from '../domain/estado-reserva.ts';
import { historicoPara, type PassoVisivel } from '../domain/historico.ts';
import { ReservaNaoEncontradaError } from '../domain/recusas-da-reserva.ts';
import type { ConsultaDeReservas, FiltroReservas } from './ports.ts';

export interface ListarReservasQuery extends FiltroReservas, PaginaPedida {
  readonly solicitante: Solicitante;
}

/** Reads of reservations. */
export class ReservasQueries {
  readonly #consulta: ConsultaDeReservas;

  constructor(consulta: ConsultaDeReservas) {
    this.#consulta = consulta;
  }

  /** Somebody else's reservation is as unknown as one that does not exist. */
  async findById(
    id: string,
    alcance: Solicitante | 'TODOS',
  ): Promise<Result<EstadoReserva, ReservaNaoEncontradaError>> {
    const reserva = await this.#consulta.reserva(id);
    const visivel = reserva && (alcance === 'TODOS' || podeVer(reserva, alcance));
    return visivel ? Result.ok(reserva) : Result.fail(new ReservaNaoEncontradaError());
  }

  /** What happened to a reservation, oldest first, as far as the reader may know it. */
  async historico(reserva: EstadoReserva, solicitante: Solicitante): Promise<PassoVisivel[]> {
    return historicoPara(await this.#consulta.historico(reserva.id), reserva, solicitante);
  }

  async listar(
    query: ListarReservasQuery,
  ): Promise<Result<Pagina<EstadoReserva>, PaginaInvalidaError | PeriodoInvalidoError>> {
    const { solicitante, pageSize, pageToken, ...pedido } = query;
    const { dataInicio, dataFim } = pedido;
    if (dataInicio && dataFim && dataInicio >= dataFim) return Result.fail(new PeriodoInvalidoError());
    const filtro = {
      ...pedido,
      clienteId: podeListarTodos(solicitante, pedido) ? pedido.clienteId : solicitante.id,
    };
    return readPage({ pageSize, pageToken }, byInstant, posicaoDe, (maximo, depoisDe) =>
      this.#consulta.reservas(filtro, maximo, depoisDe),
    );
  }
}

const posicaoDe = ({ criadoEm, id }: EstadoReserva): Posicao => ({ ordem: criadoEm.toISOString(), id });
