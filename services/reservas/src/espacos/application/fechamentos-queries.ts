import { Result } from '@plataforma/domain/result';
import {
  deTokenPorInstante,
  emToken,
  type Lista,
  type PaginaInvalidaError,
  tamanhoDaPagina,
} from '../../comum/application/page-token.ts';
import { EspacoNaoEncontradoError } from '../domain/espaco.ts';
import { type Fechamento, FechamentoNaoEncontradoError } from '../domain/fechamento.ts';
import type { ConsultaDeEspacos } from './ports.ts';

/** Reads of closures. */
export class FechamentosQueries {
  readonly #consultas: ConsultaDeEspacos;

  constructor(consultas: ConsultaDeEspacos) {
    this.#consultas = consultas;
  }

  async obter(id: string): Promise<Result<Fechamento, FechamentoNaoEncontradoError>> {
    const fechamento = await this.#consultas.fechamento(id);
    return fechamento ? Result.ok(fechamento) : Result.fail(new FechamentoNaoEncontradoError());
  }

  async listar(
    espacoId: string,
    pageSize: number,
    pageToken: string,
    veInativos = true,
  ): Promise<Result<Lista<Fechamento>, PaginaInvalidaError | EspacoNaoEncontradoError>> {
    const depoisDe = deTokenPorInstante(pageToken);
    if (depoisDe.isFailure) return depoisDe;
    const espaco = await this.#consultas.espaco(espacoId);
    if (!espaco || !(espaco.ativo || veInativos)) return Result.fail(new EspacoNaoEncontradoError());
    const tamanho = tamanhoDaPagina(pageSize);
    const pagina = await this.#consultas.fechamentos(espacoId, tamanho, depoisDe.value);
    return Result.ok({ itens: pagina.itens, nextPageToken: emToken(pagina.proxima) });
  }
}
