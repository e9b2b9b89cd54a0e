import {
  byWholeNumber,
  fromPageToken,
  type Pagina,
  type PaginaInvalidaError,
  pageSize,
} from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import type { Solicitante } from '../../contas/domain/solicitante.ts';
import { podeListarTodos, podeVer } from '../../contas/domain/solicitante.ts';
import { EntradaNaoEncontradaError } from '../domain/entrada-fila.ts';
import type { ConsultaDaFila, EntradaComPosicao, FiltroEntradas } from './ports.ts';

export interface ListarEntradasQuery extends Omit<FiltroEntradas, 'clienteId'> {
  readonly solicitante: Solicitante;
  readonly pageSize: number;
  readonly pageToken: string;
}

/** Reads of the waitlist. */
export class FilaEsperaQueries {
  readonly #consulta: ConsultaDaFila;

  constructor(consulta: ConsultaDaFila) {
    this.#consulta = consulta;
  }

  /** Somebody else's entry is as unknown as one that does not exist. */
  async findById(
    id: string,
    solicitante: Solicitante,
  ): Promise<Result<EntradaComPosicao, EntradaNaoEncontradaError>> {
    const achada = await this.#consulta.entrada(id);
    if (!achada || !podeVer(achada.entrada, solicitante)) return Result.fail(new EntradaNaoEncontradaError());
    return Result.ok(achada);
  }

  async listar({
    solicitante,
    espacoId,
    status,
    pageSize: asked,
    pageToken,
  }: ListarEntradasQuery): Promise<Result<Pagina<EntradaComPosicao>, PaginaInvalidaError>> {
    const filtro = {
      clienteId: podeListarTodos(solicitante, { espacoId }) ? undefined : solicitante.id,
      espacoId,
      status,
    };
    const depoisDe = fromPageToken(pageToken, byWholeNumber);
    if (depoisDe.isFailure) return depoisDe;
    const pagina = await this.#consulta.entradas(filtro, pageSize(asked), depoisDe.value);
    return Result.ok(pagina);
  }
}
