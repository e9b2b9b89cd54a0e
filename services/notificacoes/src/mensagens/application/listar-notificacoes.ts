import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { NotificacaoListada } from '../domain/notificacao.ts';
import type { PaginaInvalidaError } from '../domain/recusa.ts';
import { fromPageToken, toPageToken } from './page-token.ts';
import type { ConsultaNotificacoes } from './ports.ts';

export interface ListarNotificacoesQuery {
  readonly leitor: { readonly id: string; readonly admin: boolean };
  /** Whose messages; only an administrator is heard. */
  readonly clienteId: string;
  readonly reservaId: string;
  readonly pageSize: number;
  readonly pageToken: string;
}

export interface Pagina {
  readonly itens: readonly NotificacaoListada[];
  readonly nextPageToken: string;
}

const TAMANHO_PADRAO = 20;

/** What was sent to a person, or waits to be, but not what is planned for later: to that person, or to an administrator who names them. */
export class ListarNotificacoes {
  readonly #consulta: ConsultaNotificacoes;
  readonly #clock: Clock;

  constructor(consulta: ConsultaNotificacoes, clock: Clock) {
    this.#consulta = consulta;
    this.#clock = clock;
  }

  async execute(query: ListarNotificacoesQuery): Promise<Result<Pagina, PaginaInvalidaError>> {
    const { leitor, reservaId, pageToken } = query;
    const clienteId = leitor.admin && query.clienteId !== '' ? query.clienteId : leitor.id;
    const filtro = { clienteId, reservaId };
    const depoisDe = fromPageToken(pageToken);
    if (depoisDe.isFailure) return depoisDe;
    const tamanho = query.pageSize > 0 ? query.pageSize : TAMANHO_PADRAO;
    const lidas = await this.#consulta.listar(filtro, this.#clock.now(), tamanho + 1, depoisDe.value);
    const itens = lidas.slice(0, tamanho);
    const ultima = lidas.length > tamanho ? itens.at(-1) : undefined;
    return Result.ok({ itens, nextPageToken: toPageToken(ultima) });
  }
}
