import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { LivroDeCreditos, LoteView } from './ports.ts';

export interface CreditosView {
  readonly saldo: Dinheiro;
  readonly lotes: readonly LoteView[];
}

export class CreditosQueries {
  readonly #livro: Pick<LivroDeCreditos, 'lotes'>;

  constructor(livro: Pick<LivroDeCreditos, 'lotes'>) {
    this.#livro = livro;
  }

  /** What a customer can spend now, and what it is made of. */
  async doCliente(clienteId: string, agora: Date): Promise<CreditosView> {
    const lotes = await this.#livro.lotes(clienteId, agora);
    return { lotes, saldo: lotes.reduce((saldo, { restante }) => saldo.somar(restante), Dinheiro.zero()) };
  }
}
