import type { FilaDeNotificacoes, HistoricoDeNotificacoes } from '../../mensagens/application/ports.ts';

/** What one transaction sees. */
export interface Transacao {
  readonly fila: FilaDeNotificacoes;
  readonly historico: HistoricoDeNotificacoes;
}
