import {
  byWholeNumber,
  fromPageToken,
  type Pagina,
  type PaginaInvalidaError,
  pageSize,
} from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import type { Leitor } from '../../contas/domain/solicitante.ts';
import { podeVer, veTodos } from '../../contas/domain/solicitante.ts';
import { EntradaNaoEncontradaError } from '../domain/entrada-fila.ts';
import type { ConsultasFila, EntradaComPosicao, FiltroEntradas } from './ports.ts';

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
    pageSize: asked,
    pageToken,
  }: ListarEntradasQuery): Promise<Result<Pagina<EntradaComPosicao>, PaginaInvalidaError>> {
    const filtro = { clienteId: veTodos(leitor, { espacoId }) ? undefined : leitor.id, espacoId, status };
    const depoisDe = fromPageToken(pageToken, byWholeNumber);
    if (depoisDe.isFailure) return depoisDe;
    const pagina = await this.#consultas.entradas(filtro, pageSize(asked), depoisDe.value);
    return Result.ok(pagina);
  }
}
