import {
  type Pagina,
  type PaginaInvalidaError,
  type PaginaPedida,
  readPage,
} from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import { EspacoNaoEncontradoError } from '../domain/espaco.ts';
import type { Gestor } from '../domain/gestor.ts';
import type { ConsultaDeEspacos, GestoresRepository } from './ports.ts';

interface Deps {
  readonly gestores: Pick<GestoresRepository, 'findById' | 'doEspaco'>;
  readonly consulta: Pick<ConsultaDeEspacos, 'espaco'>;
}

/** Reads of who runs a space. */
export class GestoresQueries {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  findById(espacoId: string, usuarioId: string): Promise<Gestor | undefined> {
    return this.#deps.gestores.findById(espacoId, usuarioId);
  }

  async listar(
    espacoId: string,
    pagina: PaginaPedida,
  ): Promise<Result<Pagina<Gestor>, PaginaInvalidaError | EspacoNaoEncontradoError>> {
    const { gestores, consulta } = this.#deps;
    if (!(await consulta.espaco(espacoId))) return Result.fail(new EspacoNaoEncontradoError());
    return readPage(pagina, undefined, posicaoDe, (maximo, depoisDe) =>
      gestores.doEspaco(espacoId, maximo, depoisDe),
    );
  }
}

const posicaoDe = ({ usuarioId }: Gestor) => ({ ordem: '', id: usuarioId });
