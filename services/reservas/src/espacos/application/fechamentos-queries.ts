import {
  byInstant,
  type Pagina,
  type PaginaInvalidaError,
  type PaginaPedida,
  readPage,
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
    pagina: PaginaPedida,
    veInativos = true,
  ): Promise<Result<Pagina<Fechamento>, PaginaInvalidaError | EspacoNaoEncontradoError>> {
    const espaco = await this.#consulta.espaco(espacoId);
    if (!espaco || !(espaco.ativo || veInativos)) return Result.fail(new EspacoNaoEncontradoError());
    return readPage(pagina, byInstant, posicaoDe, (maximo, depoisDe) =>
      this.#consulta.fechamentos(espacoId, maximo, depoisDe),
    );
  }
}

const posicaoDe = ({ periodo, id }: Fechamento) => ({ ordem: periodo.inicio.toISOString(), id });
