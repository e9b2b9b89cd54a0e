import { Result } from '@plataforma/domain/result';
import { PagamentoNaoEncontradoError } from '../../domain/errors.ts';
import type { EventoView, PagamentosReadModel } from '../ports.ts';

export class ListarEventos {
  readonly #leitura: PagamentosReadModel;

  constructor(deps: { leitura: PagamentosReadModel }) {
    this.#leitura = deps.leitura;
  }

  async execute(pagamentoId: string): Promise<Result<readonly EventoView[], PagamentoNaoEncontradoError>> {
    const eventos = await this.#leitura.listarEventos(pagamentoId);
    return eventos.length > 0
      ? Result.ok(eventos)
      : Result.fail(new PagamentoNaoEncontradoError(pagamentoId));
  }
}
