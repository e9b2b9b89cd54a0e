import { Result } from '@plataforma/domain/result';
import {
  deToken,
  emToken,
  type Lista,
  type PaginaInvalidaError,
  tamanhoDaPagina,
} from '../../comum/application/page-token.ts';
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
    pageSize: number,
    pageToken: string,
  ): Promise<Result<Lista<Gestor>, PaginaInvalidaError | EspacoNaoEncontradoError>> {
    const depoisDe = deToken(pageToken);
    if (depoisDe.isFailure) return depoisDe;
    const { gestores, consultas } = this.#deps;
    if (!(await consultas.espaco(espacoId))) return Result.fail(new EspacoNaoEncontradoError());
    const pagina = await gestores.doEspaco(espacoId, tamanhoDaPagina(pageSize), depoisDe.value);
    return Result.ok({ itens: pagina.itens, nextPageToken: emToken(pagina.proxima) });
  }
}
