import { instantOf, readPageToken, writePageToken } from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import { PaginaInvalidaError } from '../errors.ts';
import type { FiltroTransacoes, PagamentosReadModel, Posicao, TransacaoView } from '../ports.ts';
import type { Alcance } from './obter-pagamento.ts';

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
  readonly #leitura: PagamentosReadModel;

  constructor(deps: { leitura: PagamentosReadModel }) {
    this.#leitura = deps.leitura;
  }

  async execute(
    { pageSize, pageToken, ...filtro }: ListarTransacoesQuery,
    alcance: Alcance,
  ): Promise<Result<PaginaDeTransacoes, PaginaInvalidaError>> {
    const aoAlcance = { ...filtro, ...(alcance === 'TODOS' ? {} : alcance) };
    const lista = nomeDaLista(aoAlcance);
    const lido = lerToken(lista, pageToken);
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
    const proxima = ultima && { ordem: ultima.ocorridaEm.toISOString(), id: ultima.id };
    return Result.ok({ transacoes, nextPageToken: writePageToken(lista, proxima) });
  }
}

function nomeDaLista({
  clienteId,
  reservaId,
  inicio,
  fim,
}: Omit<FiltroTransacoes, 'depoisDe' | 'limite'>): string {
  const partes = [clienteId, reservaId, inicio?.toISOString(), fim?.toISOString()];
  return `transacoes:${partes.map((parte) => parte ?? '').join(':')}`;
}

function lerToken(lista: string, token: string): Result<Posicao | undefined, PaginaInvalidaError> {
  const lido = readPageToken(lista, token);
  if (!lido) return Result.fail(new PaginaInvalidaError());
  if (!lido.depoisDe) return Result.ok(undefined);
  const em = instantOf(lido.depoisDe);
  return em ? Result.ok({ em, id: lido.depoisDe.id }) : Result.fail(new PaginaInvalidaError());
}
