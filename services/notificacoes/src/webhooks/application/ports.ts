import type { Posicao } from '@plataforma/domain/page-token';
import type { Result } from '@plataforma/domain/result';
import type { FilaDeNotificacoes, HistoricoDeNotificacoes } from '../../mensagens/application/ports.ts';
import type { UrlNaoPermitidaError } from '../../rede/domain/url-nao-permitida.ts';
import type { EventoPublico } from '../domain/evento-publico.ts';
import type { Consequencia, Falha, Resultado } from '../domain/politica-de-entrega.ts';
import type {
  DesativadoPor,
  Entrega,
  Inscricao,
  SituacaoEntrega,
  TipoDeAssinatura,
  Webhook,
} from '../domain/webhook.ts';

/** Keys as they are stored. */
export interface ChavesSeladas {
  readonly chave: Buffer;
  readonly chaveAnterior: Buffer | undefined;
  readonly chaveAnteriorAte: Date | undefined;
}

/** Keys of an address that another key than the one that seals now has sealed. */
export interface SeladoPor extends Omit<ChavesSeladas, 'chaveAnteriorAte'> {
  readonly id: string;
}

/** A new key, and what its receiver is told. */
export interface ChaveNova {
  readonly selada: Buffer;
  /** `whsec_...` or `whpk_...`. */
  readonly publicada: string;
}

/** Says of an address whether anything may be sent there, as far as it tells by itself. */
export interface Destinos {
  ler(url: string): Result<unknown, UrlNaoPermitidaError>;
}

/** Keys that sign requests. */
export interface Chaves {
  /** Name of the key that seals them: stored beside what it has sealed. It tells keys apart, and nothing of them. */
  readonly selo: string;
  nova(webhookId: string, tipo: TipoDeAssinatura): ChaveNova;
  /** What the receiver of a stored key is told. */
  publicada(webhook: { id: string; assinatura: TipoDeAssinatura; chave: Buffer }): string;
  /** The same key under the one that seals now. @throws Error when no key opens it. */
  reselar(selada: Buffer, webhookId: string): Buffer;
}

export interface WebhookNovo extends Inscricao {
  readonly id: string;
  readonly donoId: string;
  readonly assinatura: TipoDeAssinatura;
  readonly chave: Buffer;
  readonly selo: string;
  readonly criadoEm: Date;
}

/** Whose webhooks they are. */
export interface Dono {
  readonly quantos: number;
  /** No administrator any more since a moment ago, or gone. */
  readonly semAcesso: boolean;
}

/** Addresses that events are sent to. */
export interface WebhooksRepository {
  /** What the owner has, and may; nobody else makes one of theirs, or takes their right, until the transaction ends. */
  travarDono(donoId: string): Promise<Dono>;
  /** @throws IdRepetidoError when the identity is taken. */
  add(novo: WebhookNovo): Promise<void>;
  findById(id: string): Promise<(Webhook & ChavesSeladas) | undefined>;
  /** @param ativos whether events are sent to them; all when undefined */
  listar(ativos: boolean | undefined, maximo: number, depoisDe: Posicao | undefined): Promise<Webhook[]>;
  /** The next ones answer whether it was there. */
  atualizar(id: string, inscricao: Inscricao): Promise<boolean>;
  trocarChave(id: string, nova: { chave: Buffer; selo: string }, anteriorAte: Date): Promise<boolean>;
  ativar(id: string): Promise<boolean>;
  desativar(id: string, motivo: DesativadoPor): Promise<boolean>;
  /** It is gone for everybody; what was sent to it goes by {@link esquecerApagados}. */
  apagar(id: string): Promise<boolean>;
  /** Deletes so many deliveries to addresses that are gone, and those of which none is left; answers how many deliveries. */
  esquecerApagados(limite: number): Promise<number>;
  /** Of somebody who is no administrator any more. For a while they make none either. */
  semAcesso(donoId: string, em: Date): Promise<void>;
  /** They are one again. */
  comAcesso(donoId: string): Promise<void>;
  esquecerSemAcesso(antesDe: Date): Promise<void>;
  /** Sealed by another key than that of this name, some of them, locked; without those of these identities. */
  porSelar(selo: string, menos: readonly string[], limite: number): Promise<SeladoPor[]>;
  guardarSeladas(id: string, seladas: Omit<ChavesSeladas, 'chaveAnteriorAte'>, selo: string): Promise<void>;
  /** Since when the oldest one of those is there; undefined without any. */
  porSelarDesde(selo: string, menos: readonly string[]): Promise<Date | undefined>;
  /** Keys before the present ones that sign no more. */
  esquecerAnteriores(agora: Date): Promise<void>;
}

/** What one call brings back of a period. */
export interface Repeticao {
  /** Events that wait to be sent because of it. */
  readonly quantos: number;
  /** Where the next call of the same period begins; undefined when it is all there. */
  readonly continuarDe: Date | undefined;
}

/** Events and their way to each address. */
export interface EntregasRepository {
  /** Writes the event down with a delivery for each address that it is for, and answers for which. */
  registrar(evento: EventoPublico, em: Date): Promise<string[]>;
  /** Learns the space of a reservation; what is known of it already goes to those who asked for that space. Answers who these are. */
  situar(reservaId: string, espacoId: string, em: Date): Promise<string[]>;
  /** An event for one address alone. */
  registrarPara(webhookId: string, evento: EventoPublico, em: Date): Promise<void>;
  findById(webhookId: string, eventoId: string): Promise<Entrega | undefined>;
  listar(
    filtro: { readonly webhookId: string; readonly situacao: SituacaoEntrega | undefined },
    maximo: number,
    depoisDe: Posicao | undefined,
  ): Promise<Entrega[]>;
  /** Sends it as if for the first time; false when there is none. */
  repetir(webhookId: string, eventoId: string, em: Date): Promise<boolean>;
  /** Looks at so many events of the period, the earliest first, and at all of the last one's instant. */
  repetirPeriodo(
    webhookId: string,
    periodo: { de: Date; ate: Date },
    em: Date,
    maximo: number,
  ): Promise<Repeticao>;
  /** Deletes what is older, so many events and deliveries at a time; answers how many of the one or the other. */
  esquecer(antesDe: Date, limite: number): Promise<number>;
  /** Deletes the space of reservations of which nothing was heard since, some at a time; answers how many. */
  esquecerReservas(antesDe: Date, limite: number): Promise<number>;
}

/** What one transaction sees. */
export interface Transacao {
  readonly webhooks: WebhooksRepository;
  readonly entregas: EntregasRepository;
}

/** An address that one sender has for itself for a while. */
export interface WebhookTomado extends ChavesSeladas {
  readonly id: string;
  readonly url: string;
  readonly assinatura: TipoDeAssinatura;
  readonly falhas: number;
  readonly falhandoDesde: Date | undefined;
  readonly posse: string;
}

export interface EntregaDevida {
  readonly eventoId: string;
  readonly tipo: string;
  readonly corpo: string;
  readonly tentativas: number;
  readonly desde: Date;
}

/** What was seen of a request, for the log of deliveries. */
export interface Tentativa {
  readonly resultado: Resultado;
  readonly em: Date;
  readonly duracaoMs: number;
  /** Why there was no answer; empty when there was. */
  readonly erro: string;
  /** Beginning of the body of the answer. */
  readonly resposta: string;
}

/** What a receiver has taken. */
export interface Entregue {
  readonly webhook: WebhookTomado;
  readonly entrega: EntregaDevida;
  readonly tentativa: Tentativa;
}

/** What waits to be sent. */
export interface FilaDeEntregas {
  /**
   * Addresses for which something is due, each for one sender alone until `ate`; the one that has waited longest first.
   *
   * @param quais only these are looked at; all when left out
   */
  tomar(limite: number, agora: Date, ate: Date, quais?: readonly string[]): Promise<WebhookTomado[]>;
  /** By address, of each aggregate the first event that waits, if it is due. */
  devidas(
    webhooks: readonly WebhookTomado[],
    agora: Date,
    limite: number,
  ): Promise<ReadonlyMap<string, EntregaDevida[]>>;
  /** All of them or none. */
  marcarEntregues(entregues: readonly Entregue[]): Promise<void>;
  /** Gives addresses back, and answers the identities of those for which more is due. */
  soltar(webhooks: readonly WebhookTomado[], agora: Date): Promise<string[]>;
}

/** An address that is sent to no more, as its owner is told of it. */
export interface WebhookDesativado {
  readonly webhookId: string;
  readonly donoId: string;
  readonly nome: string;
  readonly url: string;
  readonly falhandoDesde: Date | undefined;
}

/** What a request that failed changes. */
export interface FalhasDeEntrega {
  marcarFalha(
    webhook: WebhookTomado,
    entrega: EntregaDevida,
    tentativa: Tentativa,
    consequencia: Pick<Consequencia, 'repetirEm' | 'pausarAte'>,
  ): Promise<void>;
  /** Undefined when it was disabled already, or another sender has it. */
  desativar(webhook: WebhookTomado, motivo: Falha): Promise<WebhookDesativado | undefined>;
}

/** What the transaction that notes a failure sees. */
export interface TransacaoDeEnvio {
  readonly saida: FalhasDeEntrega;
  readonly fila: FilaDeNotificacoes;
  readonly historico: HistoricoDeNotificacoes;
}

/** A signed request to an address that is checked first. Never rejects for what the other side does. */
export interface Mensageiro {
  enviar(webhook: WebhookTomado, entrega: EntregaDevida): Promise<Tentativa>;
}

/** What operators are told. */
export interface ObservadorDeWebhooks {
  tentativa(desfecho: 'entregue' | 'falhou' | 'desistiu', duracaoMs: number): void;
  desativado(webhookId: string, motivo: DesativadoPor): void;
  /** The address could not be worked on; it is taken again once its lease is over. */
  quebrou(webhookId: string, causa: unknown): void;
}
