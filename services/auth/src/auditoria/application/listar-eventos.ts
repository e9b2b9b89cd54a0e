import type { Clock } from '@plataforma/domain/clock';
import {
  byInstant,
  type Pagina,
  type PaginaInvalidaError,
  type PaginaPedida,
  readPage,
} from '@plataforma/domain/page-token';
import type { Result } from '@plataforma/domain/result';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { Auditoria, ConsultaDeEventos, EventoRegistrado, FiltroDeEventos } from './ports.ts';

export interface ListarEventosQuery extends PaginaPedida {
  readonly filtro: FiltroDeEventos;
  /** Who asks, and from where. */
  readonly admin: { readonly id: string; readonly origem: Origem };
}

interface Deps {
  readonly consulta: ConsultaDeEventos;
  readonly auditoria: Auditoria;
  readonly clock: Clock;
}

/** Security events of everybody, newest first. An administrator sees nothing unless it is recorded that they have looked. */
export class ListarEventosHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    filtro,
    admin,
    ...pagina
  }: ListarEventosQuery): Promise<Result<Pagina<EventoRegistrado>, PaginaInvalidaError>> {
    const { consulta, auditoria, clock } = this.#deps;
    await auditoria.registrar({
      ...{ tipo: 'DADOS_CONSULTADOS', resultado: 'FEITO', detalhe: 'ListSecurityEvents' },
      ...{ autorId: admin.id, usuarioId: filtro.usuarioId, origem: admin.origem, em: clock.now() },
    });
    return readPage(pagina, byInstant, posicaoDe, (maximo, depoisDe) =>
      consulta.listar(filtro, depoisDe, maximo),
    );
  }
}

/** Of an event among others, newest first. */
export const posicaoDe = ({ id, em }: EventoRegistrado) => ({ ordem: em.toISOString(), id });
