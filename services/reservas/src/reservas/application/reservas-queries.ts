import { Result } from '@plataforma/domain/result';
import {
  deTokenPorInstante,
  emToken,
  type Lista,
  type PaginaInvalidaError,
  tamanhoDaPagina,
} from '../../comum/application/page-token.ts';
import { type Leitor, podeVer, veTodos } from '../../contas/domain/solicitante.ts';
import { PeriodoInvalidoError } from '../../tempo/domain/periodo-reserva.ts';
import type { EstadoReserva } from '../domain/estado-reserva.ts';
import { historicoPara, type PassoVisivel } from '../domain/historico.ts';
import { ReservaNaoEncontradaError } from '../domain/recusas-da-reserva.ts';
import type { ConsultaDeReservas, FiltroReservas } from './ports.ts';

export interface ListarReservasQuery extends FiltroReservas {
  readonly leitor: Leitor;
  readonly pageSize: number;
  readonly pageToken: string;
}

/** Reads of reservations. */
export class ReservasQueries {
  readonly #consultas: ConsultaDeReservas;

  constructor(consultas: ConsultaDeReservas) {
    this.#consultas = consultas;
  }

  /** Somebody else's reservation is as unknown as one that does not exist. */
  async obter(id: string, leitor: Leitor): Promise<Result<EstadoReserva, ReservaNaoEncontradaError>> {
    const reserva = await this.#consultas.reserva(id);
    if (!reserva || !podeVer(reserva, leitor)) return Result.fail(new ReservaNaoEncontradaError());
    return Result.ok(reserva);
  }

  /** What happened to a reservation, oldest first, as far as the reader may know it. */
  async historico(reserva: EstadoReserva, leitor: Leitor): Promise<PassoVisivel[]> {
    return historicoPara(await this.#consultas.historico(reserva.id), reserva, leitor);
  }

  async listar(
    query: ListarReservasQuery,
  ): Promise<Result<Lista<EstadoReserva>, PaginaInvalidaError | PeriodoInvalidoError>> {
    const { leitor, pageSize, pageToken, ...pedido } = query;
    const { periodoInicio, periodoFim } = pedido;
    if (periodoInicio && periodoFim && periodoInicio >= periodoFim)
      return Result.fail(new PeriodoInvalidoError());
    const filtro = { ...pedido, clienteId: veTodos(leitor, pedido) ? pedido.clienteId : leitor.id };
    const depoisDe = deTokenPorInstante(pageToken);
    if (depoisDe.isFailure) return depoisDe;
    const pagina = await this.#consultas.reservas(filtro, tamanhoDaPagina(pageSize), depoisDe.value);
    return Result.ok({ itens: pagina.itens, nextPageToken: emToken(pagina.proxima) });
  }
}
