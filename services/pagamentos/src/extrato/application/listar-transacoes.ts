import { Result } from '@plataforma/domain/result';
import type { Alcance } from '../../pagamento/application/obter-pagamento.ts';
import { escreverToken, lerToken } from '../../pagamento/application/page-token.ts';
import type { PaginaInvalidaError } from '../../pagamento/domain/recusa.ts';
import type { ConsultaDeTransacoes, FiltroTransacoes, TransacaoView } from './ports.ts';

export interface ListarTransacoesQuery extends Omit<FiltroTransacoes, 'depoisDe' | 'limite'> {
  /** 0: the default of 20. */
  readonly pageSize: number;
  /** Empty: the first page. */
  readonly pageToken: string;
}

export interface PaginaDeTransacoes {
  readonly transacoes: readonly TransacaoView[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}

const PAGINA_PADRAO = 20;

export class ListarTransacoes {
  readonly #leitura: ConsultaDeTransacoes;

  constructor(deps: { leitura: ConsultaDeTransacoes }) {
    this.#leitura = deps.leitura;
  }

  async execute(
    { pageSize, pageToken, ...filtro }: ListarTransacoesQuery,
    alcance: Alcance,
  ): Promise<Result<PaginaDeTransacoes, PaginaInvalidaError>> {
    const aoAlcance = { ...filtro, ...(alcance === 'TODOS' ? {} : alcance) };
    const lido = lerToken(pageToken);
    if (lido.isFailure) return lido;
    const depoisDe = lido.value;
    const tamanho = pageSize || PAGINA_PADRAO;
    // One more than asked for tells whether there is another page.
    const achadas = await this.#leitura.listarTransacoes({
      ...aoAlcance,
      ...(depoisDe && { depoisDe }),
      limite: tamanho + 1,
    });
    const transacoes = achadas.slice(0, tamanho);
    const ultima = achadas.length > tamanho ? transacoes.at(-1) : undefined;
    const proxima = ultima && { em: ultima.ocorridaEm, id: ultima.id };
    return Result.ok({ transacoes, nextPageToken: escreverToken(proxima) });
  }
}
