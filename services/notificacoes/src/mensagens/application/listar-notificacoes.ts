import type { Clock } from '@plataforma/domain/clock';
import {
  byInstant,
  type Pagina,
  type PaginaInvalidaError,
  type PaginaPedida,
  readPage,
} from '@plataforma/domain/page-token';
import type { Result } from '@plataforma/domain/result';
import type { NotificacaoListada } from '../domain/notificacao.ts';
import type { ConsultaDeNotificacoes } from './ports.ts';

export interface ListarNotificacoesQuery extends PaginaPedida {
  readonly solicitante: { readonly id: string; readonly admin: boolean };
  /** Whose messages; only an administrator is heard. */
  readonly clienteId: string;
  readonly reservaId: string;
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
    const { consulta, clock } = this.#deps;
    return readPage(query, byInstant, posicaoDe, (maximo, depoisDe) =>
      consulta.listar({ clienteId, reservaId }, clock.now(), maximo, depoisDe),
    );
  }
}

const posicaoDe = ({ id, criadoEm }: NotificacaoListada) => ({ ordem: criadoEm.toISOString(), id });
