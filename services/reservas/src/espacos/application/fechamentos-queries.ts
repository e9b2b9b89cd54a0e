import {
  byInstant,
  fromPageToken,
  type Pagina,
  type PaginaInvalidaError,
  pageSize,
} from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import { EspacoNaoEncontradoError } from '../domain/espaco.ts';
import { type Fechamento, FechamentoNaoEncontradoError } from '../domain/fechamento.ts';
import type { ConsultaDeEspacos } from './ports.ts';

/** Reads of closures. */
export class FechamentosQueries {
  readonly #consulta: ConsultaDeEspacos;

  constructor(consulta: ConsultaDeEspacos) {
    this.#consulta = consulta;
  }

  async findById(id: string): Promise<Result<Fechamento, FechamentoNaoEncontradoError>> {
    const fechamento = await this.#consulta.fechamento(id);
    return fechamento ? Result.ok(fechamento) : Result.fail(new FechamentoNaoEncontradoError());
  }

  async listar(
    espacoId: string,
    asked: number,
    pageToken: string,
    veInativos = true,
  ): Promise<Result<Pagina<Fechamento>, PaginaInvalidaError | EspacoNaoEncontradoError>> {
    const depoisDe = fromPageToken(pageToken, byInstant);
    if (depoisDe.isFailure) return depoisDe;
    const espaco = await this.#consulta.espaco(espacoId);
    if (!espaco || !(espaco.ativo || veInativos)) return Result.fail(new EspacoNaoEncontradoError());
    const tamanho = pageSize(asked);
    const pagina = await this.#consulta.fechamentos(espacoId, tamanho, depoisDe.value);
    return Result.ok(pagina);
  }
}
