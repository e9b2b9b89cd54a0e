import {
  type Pagina,
  type PaginaInvalidaError,
  type PaginaPedida,
  readPage,
} from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import { EspacoNaoEncontradoError, type EstadoEspaco } from '../domain/espaco.ts';
import type { ConsultaDeEspacos, FiltroEspacos } from './ports.ts';

export type ListarEspacosQuery = FiltroEspacos & PaginaPedida;

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
    pageSize,
    pageToken,
    ...filtro
  }: ListarEspacosQuery): Promise<Result<Pagina<EstadoEspaco>, PaginaInvalidaError>> {
    return readPage({ pageSize, pageToken }, undefined, posicaoDe, (maximo, depoisDe) =>
      this.#consulta.espacos(filtro, maximo, depoisDe),
    );
  }
}

const posicaoDe = ({ nome, id }: EstadoEspaco) => ({ ordem: nome, id });
