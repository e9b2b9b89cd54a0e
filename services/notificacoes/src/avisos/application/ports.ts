import type { FilaNotificacoes, HistoricoNotificacoes } from '../../mensagens/application/ports.ts';

/** What one transaction sees. */
export interface Transacao {
  readonly fila: FilaNotificacoes;
  readonly historico: HistoricoNotificacoes;
}
