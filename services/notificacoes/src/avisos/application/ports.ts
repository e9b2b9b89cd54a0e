import type {
  CanaisLigados,
  FilaDeNotificacoes,
  HistoricoDeNotificacoes,
} from '../../mensagens/application/ports.ts';

/** What one transaction sees. */
export interface Transacao {
  readonly canais: CanaisLigados;
  readonly fila: FilaDeNotificacoes;
  readonly historico: HistoricoDeNotificacoes;
}
