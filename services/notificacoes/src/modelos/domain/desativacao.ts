/** What the message about a webhook that is sent to no more says. What people have written of it is erased once it is sent. */
export interface DadosWebhookDesativado {
  readonly webhookId: string;
  readonly nomeDoWebhook: string;
  /** Host of its address: the rest may be a secret of the receiver. */
  readonly receptor: string;
  /** It took nothing for days, or says itself that it is gone. */
  readonly causa: 'FALHAS' | 'GONE';
  /** Since when it took nothing: instant in ISO 8601, UTC. */
  readonly falhandoDesde: string;
  /** When it was disabled. */
  readonly em: string;
  /** Of its last answer; 0 when it gave none. */
  readonly ultimoStatus: number;
}
