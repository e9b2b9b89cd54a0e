import type { QueueState } from '@plataforma/domain/work-queue';
import type { Canal } from '../../canais/domain/mensagem.ts';
import type { Administradores, ContatoNaoEntregavel, Enderecos } from '../../contatos/application/ports.ts';
import type { FilaDeNotificacoes, HistoricoDeNotificacoes } from '../../mensagens/application/ports.ts';
import type { Modelo } from '../../modelos/domain/modelo.ts';
import type { PreferenciasRepository } from '../../preferencias/application/ports.ts';
import type { NumeroProvado } from '../../preferencias/domain/sms-recusado.ts';
import type { Resposta, RespostaPorSms } from '../domain/resposta.ts';
import type { MensagemRetornada, Provedor, Retorno } from '../domain/retorno.ts';

/** A request of a provider, as it came. */
export interface PedidoDoProvedor {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What the address of the request has behind that of the route; empty for none. */
  readonly rest: string;
  readonly body: Buffer;
}

/** What a request says, or why nothing is read of it: a few fixed words. */
export type Leitura =
  | { readonly recusado: string }
  | {
      readonly retornos: readonly Retorno[];
      /** Of what it tells besides: about messages of others, or nothing that matters here. */
      readonly ignorados: number;
    };

/** Reads what one provider tells, once it has proved that it is the provider. */
export interface LeitorDeRetornos {
  readonly provedor: Provedor;
  ler(pedido: PedidoDoProvedor, agora: Date): Leitura;
}

/** What an answer to a text message says, or why nothing is read of it. */
export type LeituraDeResposta =
  | { readonly recusado: string }
  /** Left out when it decides nothing. */
  | { readonly dita?: RespostaPorSms };

/** Reads what people answer to text messages, once the provider has proved that it is the provider. */
export interface LeitorDeRespostas {
  readonly provedor: Provedor;
  ler(pedido: PedidoDoProvedor): LeituraDeResposta;
}

/** A message that was refused, since the owner of the number had answered that they want none. */
export interface RecusaNoNumero {
  readonly clienteId: string;
  /** SHA-256 of the number. */
  readonly digesto: Buffer;
  /** When that message was sent there. */
  readonly enviadoEm: Date;
  readonly em: Date;
}

/** Numbers that people have proved, and what their owners answer. */
export interface Numeros {
  /** Holds for all people whose number it is, each answer once; who they are. */
  responder(resposta: RespostaPorSms, em: Date): Promise<readonly string[]>;
  /**
   * The owner of this number of a person wants nothing more there. False when it is known, when the person has another one by now, or
   * has said since that they do.
   */
  recusar(recusa: RecusaNoNumero): Promise<boolean>;
  provado(clienteId: string): Promise<NumeroProvado | undefined>;
}

/** One that is to be dealt with. */
export interface RetornoDevido extends Pick<Retorno, 'provedor' | 'eventoId'> {
  /** Who the message is for. */
  readonly clienteId: string;
}

/** A message that something is told of. */
export interface MensagemDoRetorno extends MensagemRetornada {
  readonly id: string;
  readonly clienteId: string;
  readonly modelo: Modelo;
  readonly reservaId: string;
  /** When it was sent or, where that is not known, written. */
  readonly desde: Date;
}

/** What providers have told, and is not forgotten yet. */
export interface RetornosRepository {
  /** Keeps what is about messages of ours to people who are not gone, each once; how many were new. */
  guardar(retornos: readonly Retorno[], em: Date): Promise<number>;
  /** At most so many that are due, the longest due first. */
  devidos(agora: Date, limite: number): Promise<RetornoDevido[]>;
  /** Holds it until the end of the transaction; undefined when it is dealt with, or another one has it, or the person is gone. */
  tomar(devido: RetornoDevido): Promise<Retorno | undefined>;
  /** The messages that went as one letter with this one, itself among them. */
  daCarta(retorno: Retorno): Promise<MensagemDoRetorno[]>;
  /** The message is somewhere else, or was answered; its new version. */
  anotar(notificacaoId: string, situacao: Retorno['situacao'], em: Date): Promise<number>;
  /** It is dealt with: only that it came is remembered for a while. */
  concluir(devido: RetornoDevido): Promise<void>;
  /** Tries it again later, each time later; how often by now. */
  adiar(devido: RetornoDevido, agora: Date): Promise<number>;
  /** Forgets those that came before `antesDe`, some at a time; how many. */
  esquecer(antesDe: Date, limite: number): Promise<number>;
  /** Forgets all that was told of messages to this person, and what providers call these. */
  apagarDe(clienteId: string): Promise<number>;
  /** What operators see. */
  situacao(agora: Date): Promise<QueueState>;
}

/** What one transaction sees. */
export interface Transacao {
  readonly retornos: RetornosRepository;
  readonly enderecos: Enderecos;
  readonly telefones: Numeros;
  readonly preferencias: PreferenciasRepository;
  readonly historico: HistoricoDeNotificacoes;
}

/** What has come to be known of addresses since administrators were told last. */
export interface Novidades {
  /** Addresses that have begun to send messages back, and still do. */
  readonly novos: number;
  /** All that do. */
  readonly total: number;
  /** Messages that were reported as unwanted. */
  readonly reclamacoes: number;
  /** The latest of the new ones. */
  readonly contatos: readonly Omit<ContatoNaoEntregavel, 'desde'>[];
}

/** What administrators are told of addresses, once a day. */
export interface ResumosDeDevolucoes {
  escrito(dia: string): Promise<boolean>;
  /**
   * Takes the day, for what is known until `ate`: false when another one has it. Until the end of the transaction nobody else does.
   */
  abrir(dia: string, ate: Date): Promise<boolean>;
  /** What was heard of after the day before that was taken, at most so many addresses of it. */
  novidades(dia: string, ate: Date, maximo: number): Promise<Novidades>;
}

/** What the transaction sees that writes to administrators. */
export interface TransacaoDoResumo {
  readonly resumos: ResumosDeDevolucoes;
  readonly administradores: Pick<Administradores, 'atuais'>;
  readonly fila: FilaDeNotificacoes;
  readonly historico: HistoricoDeNotificacoes;
}

/** What operators count. */
export interface ObservadorDeRetornos {
  recusado(provedor: Provedor, motivo: string): void;
  recebidos(provedor: Provedor, contagem: { novos: number; repetidos: number; ignorados: number }): void;
  /** An answer to a text message; undefined when it decided nothing. */
  respondido(provedor: Provedor, resposta: Resposta | undefined): void;
  /** A message is somewhere else now, or its reader wants no more. */
  entrega(canal: Canal, provedor: Provedor, situacao: Retorno['situacao']): void;
  /** An address takes no messages. */
  devolve(clienteId: string, motivo: string): void;
}
