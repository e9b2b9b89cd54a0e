import type { Alcance } from '../../pagamento/application/obter-pagamento.ts';
import type { ConsultaDeTransacoes, FiltroTransacoes, TransacaoView } from './ports.ts';

/** Rows that are in memory at a time. */
const LOTE = 500;

/** All movements that a filter lets through, newest first, batch by batch: no query outlives its batch. */
export class ExportarTransacoes {
  readonly #leitura: ConsultaDeTransacoes;

  constructor(deps: { leitura: ConsultaDeTransacoes }) {
    this.#leitura = deps.leitura;
  }

  async *execute(
    filtro: Omit<FiltroTransacoes, 'depoisDe' | 'limite'>,
    alcance: Alcance,
  ): AsyncGenerator<readonly TransacaoView[]> {
    const base = { ...filtro, ...(alcance === 'TODOS' ? {} : alcance), limite: LOTE };
    let depoisDe: FiltroTransacoes['depoisDe'];
    for (;;) {
      const lote = await this.#leitura.listarTransacoes({ ...base, ...(depoisDe && { depoisDe }) });
      if (lote.length > 0) yield lote;
      const ultima = lote.at(-1);
      if (!ultima || lote.length < LOTE) return;
      depoisDe = { em: ultima.ocorridaEm, id: ultima.id };
    }
  }
}
