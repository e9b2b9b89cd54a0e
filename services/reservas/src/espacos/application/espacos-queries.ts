import {
  fromPageToken,
  type Pagina,
  type PaginaInvalidaError,
  pageSize,
} from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import { EspacoNaoEncontradoError, type EstadoEspaco } from '../domain/espaco.ts';
import type { ConsultaDeEspacos, FiltroEspacos } from './ports.ts';

export interface ListarEspacosQuery extends FiltroEspacos {
  readonly pageSize: number;
  readonly pageToken: string;
}

/** Reads of spaces. */
export class EspacosQueries {
  readonly #consulta: ConsultaDeEspacos;

  constructor(consulta: ConsultaDeEspacos) {
    this.#consulta = consulta;
  }

  /** @param veInativos false for whom a space that takes no reservations any more is as unknown as one that never was. */
  async findById(id: string, veInativos = true): Promise<Result<EstadoEspaco, EspacoNaoEncontradoError>> {
    const espaco = await this.#consulta.espaco(id);
    return espaco && (espaco.ativo || veInativos)
      ? Result.ok(espaco)
      : Result.fail(new EspacoNaoEncontradoError());
  }

  async listar({
    pageSize: asked,
    pageToken,
    ...filtro
  }: ListarEspacosQuery): Promise<Result<Pagina<EstadoEspaco>, PaginaInvalidaError>> {
    const depoisDe = fromPageToken(pageToken);
    if (depoisDe.isFailure) return depoisDe;
    const pagina = await this.#consulta.espacos(filtro, pageSize(asked), depoisDe.value);
    return Result.ok(pagina);
  }
}
