import type { Clock } from '@plataforma/domain/clock';
import {
  byInstant,
  type Pagina,
  type PaginaInvalidaError,
  type PaginaPedida,
  readPage,
} from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import type { Auditoria } from '../../auditoria/application/ports.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import { ProtocoloNaoEncontradoError } from '../domain/recusa.ts';
import type { Relatorio } from '../domain/remocao.ts';
import type { ConsultaDeRemocoes, FiltroDeRemocoes } from './ports.ts';

export interface ListErasuresQuery extends PaginaPedida {
  readonly filtro: FiltroDeRemocoes;
  /** Who asks, and from where. */
  readonly admin: { readonly id: string; readonly origem: Origem };
}

interface Deps {
  readonly consulta: Pick<ConsultaDeRemocoes, 'comProtocolo' | 'listar'>;
  readonly auditoria: Auditoria;
  readonly clock: Clock;
}

/** What became of the data of people who are gone. */
export class RelatoriosQueries {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** To whoever has the protocol: that is the proof. */
  async comProtocolo(protocolo: string): Promise<Result<Relatorio, ProtocoloNaoEncontradoError>> {
    const relatorio = await this.#deps.consulta.comProtocolo(protocolo);
    return relatorio ? Result.ok(relatorio) : Result.fail(new ProtocoloNaoEncontradoError());
  }

  /** To administrators, newest first; that they have looked is recorded. */
  async listar({
    filtro,
    admin,
    ...pagina
  }: ListErasuresQuery): Promise<Result<Pagina<Relatorio>, PaginaInvalidaError>> {
    const { consulta, auditoria, clock } = this.#deps;
    await auditoria.registrar({
      ...{ tipo: 'DADOS_CONSULTADOS', resultado: 'FEITO', detalhe: 'ListErasures' },
      ...{ autorId: admin.id, usuarioId: filtro.usuarioId, origem: admin.origem, em: clock.now() },
    });
    return readPage(pagina, byInstant, posicaoDe, (maximo, depoisDe) =>
      consulta.listar(filtro, depoisDe, maximo),
    );
  }
}

const posicaoDe = ({ usuarioId, pedidoEm }: Relatorio) => ({ ordem: pedidoEm.toISOString(), id: usuarioId });
