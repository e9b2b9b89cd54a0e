import type { PessoasRepository } from '../../contas/domain/pessoas-repository.ts';
import type { Promessas } from '../../reservas/application/ports.ts';
import type { Devolvivel } from '../../reservas/domain/estado-reserva.ts';
import type { ReservasRepository } from '../../reservas/domain/repositories.ts';
import type { BonusRepository } from '../domain/bonus-repository.ts';

/** What a cancellation needs of its transaction. */
export interface Transacao {
  readonly reservas: ReservasRepository;
  readonly promessas: Promessas;
  readonly pessoas: PessoasRepository;
  readonly bonus: BonusRepository;
}

export interface SaldosDePagamentos {
  /**
   * What of a payment can still go back, as pagamentos has it now. Undefined when nothing came in by it, and when
   * pagamentos does not answer within a second.
   */
  devolvivel(pagamentoId: string): Promise<Devolvivel | undefined>;
}
