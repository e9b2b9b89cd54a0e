import type { Transacao } from '../../pagamento/application/ports.ts';
import type { Fato } from '../domain/fato.ts';

export interface WebhookRecebido {
  /** Identity of the event at the provider. */
  readonly id: string;
  readonly tipo: string;
  /** The body as it was signed. */
  readonly payload: string;
}

/** Tells webhooks of the provider from everything else. */
export interface VerificadorDeWebhooks {
  /** @param corpo the bytes as they came */
  verificar(
    corpo: Buffer,
    assinatura: string | undefined,
    agora: Date,
  ): { readonly webhook: WebhookRecebido } | { readonly recusado: string };
}

export interface WebhookReivindicado extends WebhookRecebido {
  /** Attempts so far, this one included. */
  readonly tentativas: number;
  readonly recebidoEm: Date;
}

/** Webhooks that wait for a worker to deal with them, and what became of all the others. */
export interface CaixaDeWebhooks {
  /** As work to be done, or as of no interest. False when this event was stored before. */
  guardar(webhook: WebhookRecebido, estado: 'PENDENTE' | 'IGNORADO', em: Date): Promise<boolean>;
  /** The next one due, kept from other workers until `posseAte`: after a crash it is due again. */
  reivindicar(agora: Date, posseAte: Date): Promise<readonly WebhookReivindicado[]>;
  adiar(id: string, tentarEm: Date, erro: string): Promise<void>;
  /** Likewise, and this attempt was none. */
  devolver(id: string, tentarEm: Date, erro: string): Promise<void>;
  /** Given up: operators have to look. */
  estacionar(id: string, erro: string, em: Date): Promise<void>;
}

export interface InterpreteDeWebhooks {
  /** Whether a webhook of this type can mean anything here. */
  interessa(tipo: string): boolean;
  /** What the event alone says, if that is enough. @throws Error when the payload makes no sense. */
  fatoAssinado(webhook: WebhookRecebido): Fato | undefined;
  /** May ask the provider how things stand now. @throws GatewayError, ProviderAwayError, or Error when the payload makes no sense. */
  interpretar(webhook: WebhookRecebido): Promise<Fato>;
}

/** Webhooks within a transaction. */
export interface WebhooksDaTransacao {
  /** Stores one that is dealt with in this transaction; false when it was stored before. */
  guardar(webhook: WebhookRecebido, em: Date): Promise<boolean>;
  /** Notes that one has been dealt with; false when it had been before. */
  concluir(id: string, resultado: 'PROCESSADO' | 'IGNORADO', em: Date): Promise<boolean>;
}

/** What a transaction that deals with a webhook can change. */
export interface TransacaoComWebhooks extends Transacao {
  readonly webhooks: WebhooksDaTransacao;
}

/** How an attempt to deal with a webhook ended. */
type ResultadoDoWebhook = 'processado' | 'ignorado' | 'adiado' | 'estacionado';

export interface ObservadorDeWebhooks {
  /** @param motivo one of few fixed words */
  webhookRecusado(motivo: string): void;
  webhookTratado(webhook: WebhookRecebido, resultado: ResultadoDoWebhook, erro?: unknown): void;
}
