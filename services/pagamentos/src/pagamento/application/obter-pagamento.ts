import { Result } from '@plataforma/domain/result';
import { PagamentoNaoEncontradoError } from '../domain/recusa.ts';
import type { PagamentosReadModel, PagamentoView } from './ports.ts';

/** Whose payments the caller may see: everybody's, or one customer's. */
export type Alcance = 'TODOS' | { readonly clienteId: string };

export class ObterPagamento {
  readonly #leitura: PagamentosReadModel;

  constructor(deps: { leitura: PagamentosReadModel }) {
    this.#leitura = deps.leitura;
  }

  /**
   * Somebody else's payment is not found: its existence is nobody's business.
   *
   * @param em as it was at this instant; undefined: as it is
   */
  async execute(
    pagamentoId: string,
    alcance: Alcance,
    em?: Date,
  ): Promise<Result<PagamentoView, PagamentoNaoEncontradoError>> {
    const pagamento = await (em ? this.#leitura.obterEm(pagamentoId, em) : this.#leitura.obter(pagamentoId));
    const visivel = pagamento && (alcance === 'TODOS' || alcance.clienteId === pagamento.clienteId);
    return visivel ? Result.ok(pagamento) : Result.fail(new PagamentoNaoEncontradoError(pagamentoId));
  }
}
