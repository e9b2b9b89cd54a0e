import {
  fromPageToken,
  type Pagina,
  type PaginaInvalidaError,
  pageSize,
} from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import { EspacoNaoEncontradoError } from '../domain/espaco.ts';
import type { Gestor } from '../domain/gestor.ts';
import type { ConsultaDeEspacos, Gestores } from './ports.ts';

interface Deps {
  readonly gestores: Pick<Gestores, 'doEspaco'>;
  readonly consultas: Pick<ConsultaDeEspacos, 'espaco'>;
}

/** Reads of who runs a space. */
export class GestoresQueries {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async listar(
    espacoId: string,
    asked: number,
    pageToken: string,
  ): Promise<Result<Pagina<Gestor>, PaginaInvalidaError | EspacoNaoEncontradoError>> {
    const depoisDe = fromPageToken(pageToken);
    if (depoisDe.isFailure) return depoisDe;
    const { gestores, consultas } = this.#deps;
    if (!(await consultas.espaco(espacoId))) return Result.fail(new EspacoNaoEncontradoError());
    const pagina = await gestores.doEspaco(espacoId, pageSize(asked), depoisDe.value);
    return Result.ok(pagina);
  }
}
