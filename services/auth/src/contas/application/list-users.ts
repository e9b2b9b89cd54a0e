import type { Clock } from '@plataforma/domain/clock';
import {
  fromPageToken,
  PaginaInvalidaError,
  type PaginaPedida,
  pageSize,
} from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import type { Auditoria } from '../../auditoria/application/ports.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import { AcessoNegadoError } from '../domain/recusa.ts';
import { administraAtivo, type Usuario } from '../domain/usuario.ts';
import type { FiltroDeUsuarios, ListaDeUsuarios, Trecho } from './ports.ts';

export interface ListUsersQuery extends PaginaPedida {
  /** An administrator, as their token says. */
  readonly solicitante: Usuario;
  readonly origem: Origem;
  readonly filtro: FiltroDeUsuarios;
}

interface Deps {
  readonly lista: ListaDeUsuarios;
  readonly auditoria: Auditoria;
  readonly clock: Clock;
}

/** Accounts, for administrators; they see nothing unless it is recorded that they have looked. */
export class ListUsersHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    solicitante,
    origem,
    filtro,
    ...pagina
  }: ListUsersQuery): Promise<Result<Trecho, AcessoNegadoError | PaginaInvalidaError>> {
    const { lista, auditoria, clock } = this.#deps;
    if (!administraAtivo(solicitante.estado)) return Result.fail(new AcessoNegadoError());
    const depoisDe = fromPageToken(pagina.pageToken);
    if (depoisDe.isFailure) return depoisDe;
    if (depoisDe.value && !(await lista.conhece(depoisDe.value, filtro)))
      return Result.fail(new PaginaInvalidaError());
    await auditoria.registrar({
      ...{ tipo: 'DADOS_CONSULTADOS', resultado: 'FEITO', detalhe: 'ListUsers' },
      ...{ autorId: solicitante.estado.id, origem, em: clock.now() },
    });
    return Result.ok(await lista.listar(filtro, depoisDe.value, pageSize(pagina.pageSize)));
  }
}
