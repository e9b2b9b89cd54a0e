import { Result } from '@plataforma/domain/result';
import {
  EntradaNaoEncontradaError,
  type EstadoEntrada,
  type StatusEntrada,
} from '../../domain/entrada-fila.ts';
import type { Leitor } from '../../domain/solicitante.ts';
import { podeVer, veTodos } from '../../domain/solicitante.ts';
import {
  deTokenPorNumero,
  emToken,
  type Lista,
  type PaginaInvalidaError,
  tamanhoDaPagina,
} from '../page-token.ts';
import type { Pagina, Posicao } from '../ports.ts';

/** A place in line with its number; 0 when it does not wait. */
export interface EntradaComPosicao {
  readonly entrada: EstadoEntrada;
  readonly posicao: number;
}

export interface FiltroEntradas {
  readonly clienteId: string | undefined;
  readonly espacoId: string | undefined;
  readonly status: StatusEntrada | undefined;
}

/** Reads of the waitlist that need no transaction. */
export interface ConsultasFila {
  entrada(id: string): Promise<EntradaComPosicao | undefined>;
  /** Newest first. */
  entradas(
    filtro: FiltroEntradas,
    tamanho: number,
    depoisDe: Posicao | undefined,
  ): Promise<Pagina<EntradaComPosicao>>;
}

export interface ListarEntradasQuery extends Omit<FiltroEntradas, 'clienteId'> {
  readonly leitor: Leitor;
  readonly pageSize: number;
  readonly pageToken: string;
}

/** Reads of the waitlist. */
export class FilaEsperaQueries {
  readonly #consultas: ConsultasFila;

  constructor(consultas: ConsultasFila) {
    this.#consultas = consultas;
  }

  /** Somebody else's entry is as unknown as one that does not exist. */
  async obter(id: string, leitor: Leitor): Promise<Result<EntradaComPosicao, EntradaNaoEncontradaError>> {
    const achada = await this.#consultas.entrada(id);
    if (!achada || !podeVer(achada.entrada, leitor)) return Result.fail(new EntradaNaoEncontradaError());
    return Result.ok(achada);
  }

  async listar({
    leitor,
    espacoId,
    status,
    pageSize,
    pageToken,
  }: ListarEntradasQuery): Promise<Result<Lista<EntradaComPosicao>, PaginaInvalidaError>> {
    const filtro = { clienteId: veTodos(leitor, { espacoId }) ? undefined : leitor.id, espacoId, status };
    const depoisDe = deTokenPorNumero(pageToken);
    if (depoisDe.isFailure) return depoisDe;
    const pagina = await this.#consultas.entradas(filtro, tamanhoDaPagina(pageSize), depoisDe.value);
    return Result.ok({ itens: pagina.itens, nextPageToken: emToken(pagina.proxima) });
  }
}
