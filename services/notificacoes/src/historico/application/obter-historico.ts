import {
  byInstant,
  type Pagina,
  type PaginaInvalidaError,
  type PaginaPedida,
  type Posicao,
  readPage,
} from '@plataforma/domain/page-token';
import type { Result } from '@plataforma/domain/result';
import type { ConsultaDeNotificacoes } from '../../mensagens/application/ports.ts';
import type { ConsultaDeHistorico, FiltroHistorico, LugarNoHistorico, RegistroLido } from './ports.ts';

export interface ObterHistoricoQuery extends PaginaPedida {
  readonly solicitante: { readonly id: string; readonly admin: boolean };
  /** Only an administrator is heard. */
  readonly clienteId: string;
  readonly notificacaoId: string;
}

interface Deps {
  readonly historico: ConsultaDeHistorico;
  readonly mensagens: Pick<ConsultaDeNotificacoes, 'provada'>;
}

/** What happened to the messages of a person, or to one: to that person, or to an administrator. */
export class ObterHistoricoHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(query: ObterHistoricoQuery): Promise<Result<Pagina<RegistroLido>, PaginaInvalidaError>> {
    const filtro = await this.#filtro(query);
    const pagina = await readPage(query, ehDoHistorico, posicaoDe, (maximo, depoisDe) =>
      this.#deps.historico.listar(filtro, maximo, depoisDe && lugarDe(depoisDe)),
    );
    if (pagina.isFailure || query.solicitante.admin) return pagina;
    const { itens, proxima } = pagina.value;
    return { ...pagina, value: { itens: itens.map(semDetalhe), proxima } };
  }

  /** Of who opens an account with the address of somebody else it is not told whether a code was mailed: see the list of messages. */
  async #filtro({ solicitante, clienteId, notificacaoId }: ObterHistoricoQuery): Promise<FiltroHistorico> {
    if (!solicitante.admin) {
      const boasVindas = await this.#deps.mensagens.provada(solicitante.id);
      return { clienteId: solicitante.id, notificacaoId, boasVindas };
    }
    const proprio = notificacaoId === '' ? solicitante.id : '';
    return { clienteId: clienteId || proprio, notificacaoId, boasVindas: true };
  }
}

const semDetalhe = (registro: RegistroLido): RegistroLido => ({ ...registro, detalhe: '' });

const posicaoDe = ({ ocorridoEm, notificacaoId, sequencia }: RegistroLido): Posicao => ({
  ordem: ocorridoEm.toISOString(),
  id: `${notificacaoId}/${sequencia}`,
});

const CHAVE = /^(?<notificacaoId>[^/]{1,40})\/(?<sequencia>\d{1,9})$/;

const ehDoHistorico = (posicao: Posicao) => byInstant(posicao) && CHAVE.test(posicao.id);

function lugarDe(posicao: Posicao): LugarNoHistorico {
  const { notificacaoId = '', sequencia = '' } = CHAVE.exec(posicao.id)?.groups ?? {};
  return { ocorridoEm: new Date(posicao.ordem), notificacaoId, sequencia: Number(sequencia) };
}
