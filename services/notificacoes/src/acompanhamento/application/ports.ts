import type {
  CanaisLigados,
  FilaDeNotificacoes,
  HistoricoDeNotificacoes,
} from '../../mensagens/application/ports.ts';
import type { ReservaAcompanhada } from '../domain/reserva-acompanhada.ts';

/** What is known of reservations. */
export interface ReservasRepository {
  /** Also of one that was never heard of. No other transaction opens the same one before the end of this. */
  abrir(reservaId: string): Promise<ReservaAcompanhada>;
  /** Of one that this transaction has opened. */
  save(reserva: ReservaAcompanhada): Promise<void>;
}

/** What one transaction sees. */
export interface Transacao {
  readonly reservas: ReservasRepository;
  readonly canais: CanaisLigados;
  readonly fila: FilaDeNotificacoes;
  readonly historico: HistoricoDeNotificacoes;
}
