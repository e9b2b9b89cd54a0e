import {
  fromPageToken,
  type Order,
  type Pagina,
  PaginaInvalidaError,
  type PaginaPedida,
  pageOf,
} from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import { PagamentoNaoEncontradoError } from '../domain/recusa.ts';
import type { ConsultaDePagamentos, EventoView, PagamentoView } from './ports.ts';

/** Whose payments the caller may see: those of all customers, or of one. */
export type Alcance = 'TODOS' | { readonly clienteId: string };

export interface ListarEventosQuery extends PaginaPedida {
  readonly pagamentoId: string;
}

const EVENTOS_POR_PAGINA = 100;

/** Histories are sorted by version, a 32-bit integer. */
const porVersao: Order = ({ ordem }) => /^[1-9]\d{0,8}$/.test(ordem);

export class PagamentosQueries {
  readonly #consulta: ConsultaDePagamentos;

  constructor(consulta: ConsultaDePagamentos) {
    this.#consulta = consulta;
  }

  /**
   * The payment of another customer is not found: callers do not learn whether it exists.
   *
   * @param em as it was at this instant; undefined: as it is
   */
  async findById(
    pagamentoId: string,
    alcance: Alcance,
    em?: Date,
  ): Promise<Result<PagamentoView, PagamentoNaoEncontradoError>> {
    const pagamento = await this.#consulta.findById(pagamentoId, em);
    const visivel = pagamento && (alcance === 'TODOS' || alcance.clienteId === pagamento.clienteId);
    return visivel ? Result.ok(pagamento) : Result.fail(new PagamentoNaoEncontradoError(pagamentoId));
  }

  /** The history of one payment. */
  async listarEventos({
    pagamentoId,
    pageSize,
    pageToken,
  }: ListarEventosQuery): Promise<
    Result<Pagina<EventoView>, PagamentoNaoEncontradoError | PaginaInvalidaError>
  > {
    const depoisDe = fromPageToken(pageToken, porVersao);
    if (depoisDe.isFailure) return depoisDe;
    const tamanho = pageSize || EVENTOS_POR_PAGINA;
    const versao = Number(depoisDe.value?.ordem ?? 0);
    const achados = await this.#consulta.listarEventos(pagamentoId, versao, tamanho + 1);
    if (achados.length > 0) return Result.ok(pageOf(achados, tamanho, posicaoDe));
    // No list gives a token after which nothing comes, and a payment has at least one event.
    return Result.fail(
      depoisDe.value ? new PaginaInvalidaError() : new PagamentoNaoEncontradoError(pagamentoId),
    );
  }
}

const posicaoDe = ({ versao }: EventoView) => ({ ordem: String(versao), id: '' });
