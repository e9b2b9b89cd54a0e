import type { TipoDeEvento } from './evento-publico.ts';

export type TipoDeAssinatura = 'HMAC' | 'ED25519';
export type DesativadoPor = 'PEDIDO' | 'FALHAS' | 'GONE' | 'DONO_SEM_ACESSO';

/** What an administrator says of an address. */
export interface Inscricao {
  readonly nome: string;
  readonly url: string;
  readonly tipos: readonly TipoDeEvento[];
  /** Only of these spaces; of all when empty. */
  readonly espacoIds: readonly string[];
}

/** An address that events are sent to. */
export interface Webhook extends Inscricao {
  readonly id: string;
  readonly donoId: string;
  readonly assinatura: TipoDeAssinatura;
  readonly chaveAnteriorAte: Date | undefined;
  /** Undefined: events are sent. */
  readonly desativadoPor: DesativadoPor | undefined;
  readonly falhandoDesde: Date | undefined;
  readonly criadoEm: Date;
}

export type SituacaoEntrega = 'PENDENTE' | 'ENTREGUE' | 'DESISTIDA';

/** One event on its way to one address, with its last attempt. */
export interface Entrega {
  /** Its place in the list. */
  readonly sequencia: string;
  readonly eventoId: string;
  readonly tipo: TipoDeEvento;
  readonly situacao: SituacaoEntrega;
  readonly tentativas: number;
  readonly criadoEm: Date;
  readonly ultimaEm: Date | undefined;
  readonly proximaEm: Date | undefined;
  readonly statusHttp: number;
  readonly duracaoMs: number;
  readonly erro: string;
  readonly corpo: string;
  readonly resposta: string;
}

/** Addresses of one owner. */
export const MAXIMO_WEBHOOKS = 20;
/** How long the key before signs beside a new one. */
export const CHAVE_ANTERIOR_MS = 24 * 3_600_000;
/** Longer than a token of somebody is taken who has lost a role, or is gone. */
export const SEM_ACESSO_MS = 20 * 60_000;
/** How long events and their deliveries are kept. */
export const GUARDA_MS = 30 * 24 * 3_600_000;
/** How long the space of a reservation is known after the last event of it: what comes of its money comes before that. */
export const GUARDA_DE_RESERVAS_MS = 400 * 24 * 3_600_000;
/** Events that one call looks at to bring them back: what a call costs does not grow with its period. */
export const MAXIMO_REPETIDOS = 1_000;
