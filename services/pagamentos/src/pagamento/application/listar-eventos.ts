import { Result } from '@plataforma/domain/result';
import { PagamentoNaoEncontradoError, PaginaInvalidaError } from '../domain/recusa.ts';
import type { EventoView, PagamentosReadModel } from './ports.ts';

export interface ListarEventosQuery {
  readonly pagamentoId: string;
  /** 0: the default of 100. */
  readonly pageSize: number;
  /** Empty: the first page. */
  readonly pageToken: string;
}

export interface PaginaDeEventos {
  readonly eventos: readonly EventoView[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}

const PAGINA_PADRAO = 100;
/** Versions are 32-bit integers. */
const VERSAO = /^[1-9]\d{0,8}$/;

/** The history of one payment; the token of a page is the version that the next one comes after. */
export class ListarEventos {
  readonly #leitura: PagamentosReadModel;

  constructor(deps: { leitura: PagamentosReadModel }) {
    this.#leitura = deps.leitura;
  }

  async execute({
    pagamentoId,
    pageSize,
    pageToken,
  }: ListarEventosQuery): Promise<
    Result<PaginaDeEventos, PagamentoNaoEncontradoError | PaginaInvalidaError>
  > {
    if (pageToken !== '' && !VERSAO.test(pageToken)) return Result.fail(new PaginaInvalidaError());
    const tamanho = pageSize || PAGINA_PADRAO;
    const achados = await this.#leitura.listarEventos(pagamentoId, Number(pageToken), tamanho + 1);
    if (achados.length === 0) return this.#nada(pagamentoId, pageToken);
    const eventos = achados.slice(0, tamanho);
    const nextPageToken = achados.length > tamanho ? String(eventos.at(-1)?.versao) : '';
    return Result.ok({ eventos, nextPageToken });
  }

  /** No list gives a token after which nothing comes, and a payment has at least one event. */
  #nada(pagamentoId: string, pageToken: string) {
    if (pageToken !== '') return Result.fail(new PaginaInvalidaError());
    return Result.fail(new PagamentoNaoEncontradoError(pagamentoId));
  }
}
