import type { Clock } from '@plataforma/domain/clock';
import {
  byInstant,
  type Pagina,
  type PaginaInvalidaError,
  type PaginaPedida,
  readPage,
} from '@plataforma/domain/page-token';
import type { Result } from '@plataforma/domain/result';
import type { Auditoria } from '../../auditoria/application/ports.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { ChaveApi } from '../domain/chave-api.ts';
import type { ConsultaDeChavesApi } from './ports.ts';

export interface ListarChavesQuery extends PaginaPedida {
  /** Whose keys. */
  readonly usuarioId: string;
  /** Who asks. */
  readonly autor: { readonly id: string; readonly origem: Origem };
}

interface Deps {
  readonly chaves: Pick<ConsultaDeChavesApi, 'listar'>;
  readonly auditoria: Auditoria;
  readonly clock: Clock;
}

/** Keys of one account, newest first. Of somebody else nothing is shown unless it is recorded that it was looked at. */
export class ChavesQueries {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async listar({
    usuarioId,
    autor,
    ...pagina
  }: ListarChavesQuery): Promise<Result<Pagina<ChaveApi>, PaginaInvalidaError>> {
    const { chaves, auditoria, clock } = this.#deps;
    if (usuarioId !== autor.id)
      await auditoria.registrar({
        ...{ tipo: 'DADOS_CONSULTADOS', resultado: 'FEITO', detalhe: 'ListarChaves' },
        ...{ autorId: autor.id, usuarioId, origem: autor.origem, em: clock.now() },
      });
    return readPage(pagina, byInstant, posicaoDe, (maximo, depoisDe) =>
      chaves.listar(usuarioId, depoisDe, maximo),
    );
  }
}

const posicaoDe = ({ estado }: ChaveApi) => ({ ordem: estado.criadoEm.toISOString(), id: estado.id });
