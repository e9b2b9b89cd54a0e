import type { Clock } from '@plataforma/domain/clock';
import {
  byInstant,
  fromPageToken,
  type Pagina,
  type PaginaInvalidaError,
  pageOf,
  pageSize,
} from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import type { NotificacaoListada } from '../domain/notificacao.ts';
import type { ConsultaDeNotificacoes } from './ports.ts';

export interface ListarNotificacoesQuery {
  readonly solicitante: { readonly id: string; readonly admin: boolean };
  /** Whose messages; only an administrator is heard. */
  readonly clienteId: string;
  readonly reservaId: string;
  readonly pageSize: number;
  readonly pageToken: string;
}

interface Deps {
  readonly consulta: ConsultaDeNotificacoes;
  readonly clock: Clock;
}

/** What was sent to a person, or waits to be, but not what is planned for later: to that person, or to an administrator who names them. */
export class ListarNotificacoesHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(
    query: ListarNotificacoesQuery,
  ): Promise<Result<Pagina<NotificacaoListada>, PaginaInvalidaError>> {
    const { solicitante, reservaId } = query;
    const clienteId = solicitante.admin && query.clienteId !== '' ? query.clienteId : solicitante.id;
    const depoisDe = fromPageToken(query.pageToken, byInstant);
    if (depoisDe.isFailure) return depoisDe;
    const { consulta, clock } = this.#deps;
    const size = pageSize(query.pageSize);
    const lidas = await consulta.listar({ clienteId, reservaId }, clock.now(), size + 1, depoisDe.value);
    return Result.ok(pageOf(lidas, size, ({ id, criadaEm }) => ({ ordem: criadaEm.toISOString(), id })));
  }
}
