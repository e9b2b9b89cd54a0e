import type { Dinheiro } from '@plataforma/domain/dinheiro';
import type { Result } from '@plataforma/domain/result';
import type { TipoEspaco } from '../domain/dados-espaco.ts';
import type { EstadoEntrada } from '../domain/entrada-fila.ts';
import type { Espaco, EstadoEspaco } from '../domain/espaco.ts';
import type { Devolvivel, EstadoReserva, PassoHistorico } from '../domain/estado-reserva.ts';
import type { Fechamento } from '../domain/fechamento.ts';
import type { FilaRepository } from '../domain/fila-repository.ts';
import type { PassoComAutor } from '../domain/historico.ts';
import type { Ocupacao, PeriodoReserva } from '../domain/periodo-reserva.ts';
import type {
  BonusRepository,
  CotacoesRepository,
  EspacosRepository,
  FechamentosRepository,
  PessoasRepository,
  ReservasRepository,
  SeriesRepository,
} from '../domain/repositories.ts';
import type { Serie } from '../domain/serie.ts';
import type { StatusReserva } from '../domain/status-reserva.ts';
import type { Trabalho, TrabalhosAdiados } from '../domain/trabalhos-adiados.ts';
import type { OcorrenciaDaSaga } from './sagas/ocorrencia.ts';

/** Repositories that share one transaction. */
export interface Repositorios {
  readonly reservas: ReservasRepository;
  readonly espacos: EspacosRepository;
  readonly cotacoes: CotacoesRepository;
  readonly fechamentos: FechamentosRepository;
  readonly series: SeriesRepository;
  readonly fila: FilaRepository;
  readonly promessas: Promessas;
  readonly saga: DiarioDaSaga;
  readonly pessoas: PessoasRepository;
  readonly bonus: BonusRepository;
  readonly adiados: TrabalhosAdiados;
}

/** What a saga goes through, for whoever looks at it later. */
export interface DiarioDaSaga {
  /** Nothing is noted for a reservation that does not exist. */
  anotar(ocorrencia: OcorrenciaDaSaga): Promise<void>;
}

/** What those who stand in line are about to be offered, or have been: bookings do not overtake them. */
export interface Promessas {
  /** Who waits for a period in whose way a booking of one of these could be. Asked while the space is locked. */
  pertoDe(espacoId: string, periodos: readonly PeriodoReserva[], agora: Date): Promise<Esperando>;
  /** The fate of a reservation is the fate of the place in line that it was offered to. */
  acompanhar(reserva: EstadoReserva): Promise<void>;
}

/** Those who wait, as of one look. */
export interface Esperando {
  /** Whether a free period is about to be offered to somebody else who stood in line for it. */
  prometida(
    espaco: Espaco,
    pedido: { readonly periodo: PeriodoReserva; readonly clienteId: string },
  ): Promise<boolean>;
}

/** Asks for the money of what is committed. Never rejects: a hold stands, and its charge comes by the event. */
export interface Cobrancas {
  /** Answers the hold as it stands afterwards. */
  reservaCriada(reserva: EstadoReserva): Promise<EstadoReserva>;
  /** Likewise, of one that its customer has accepted: their credit is used. */
  reservaAceita(reserva: EstadoReserva): Promise<EstadoReserva>;
}

export interface UnitOfWork {
  /** One transaction; what `work` throws rolls it back. `work` may run again after a deadlock. */
  run<T>(work: (tx: Repositorios) => Promise<T>): Promise<T>;
  /**
   * Like `run`, once per message: false when an earlier delivery has already had its effect. What `ler` reads comes in
   * the round trip that tells; it must not write.
   */
  runOnce<L>(
    consumidor: string,
    mensagemId: string,
    ler: (tx: Repositorios) => Promise<L>,
    work: (tx: Repositorios, lido: L) => Promise<void>,
  ): Promise<boolean>;
}

/** The identity is taken: the counter was lost and has come by here before. Ask for the next one. */
export class IdRepetidoError extends Error {
  override readonly name = 'IdRepetidoError';
}

/** What is to be paid, by whom, until when. */
export interface PedidoDeCobranca {
  readonly reservaId: string;
  readonly clienteId: string;
  readonly valor: Dinheiro;
  readonly descricao: string;
  readonly expiraEm: Date;
  /** The card pays everything. */
  readonly guardarCreditos: boolean;
}

export interface CobrancaCriada {
  readonly pagamentoId: string;
  /** Empty where there is none. */
  readonly checkoutUrl: string;
  /** Whether it is paid already, by credit, or by card before its checkout was closed. */
  readonly paga: boolean;
  /** The part that store credit pays. */
  readonly creditosUsados: Dinheiro;
}

/** pagamentos did not create the charge now; it will, once it has read the event of the reservation. */
export class CobrancaAdiadaError extends Error {
  override readonly name = 'CobrancaAdiadaError';
}

export interface PagamentosGateway {
  /** Bounded in time. Idempotent by reservation. */
  criarCobranca(pedido: PedidoDeCobranca): Promise<Result<CobrancaCriada, CobrancaAdiadaError>>;
  /** Has the customer's credit pay a charge that was made without it, and makes it when there is none. Likewise. */
  usarCreditos(pedido: PedidoDeCobranca): Promise<Result<CobrancaCriada, CobrancaAdiadaError>>;
}

/** Money that came in for a reservation, and of which nothing is on its way back. */
export interface PagamentoAprovado {
  readonly reservaId: string;
  /** What was charged, by credit and by card together. */
  readonly valor: Dinheiro;
  readonly creditosUsados: Dinheiro;
}

export interface ConsultaDePagamentos {
  /**
   * Undefined when there is no such payment, or it is not approved or not any more. Bounded in time.
   *
   * @throws when pagamentos does not answer
   */
  aprovado(pagamentoId: string): Promise<PagamentoAprovado | undefined>;
}

export interface SaldosDePagamentos {
  /**
   * What of a payment can still go back, as pagamentos has it now. Undefined when nothing came in by it, and when
   * pagamentos does not answer within a second.
   */
  devolvivel(pagamentoId: string): Promise<Devolvivel | undefined>;
}

/** Where the application tells what operators want to know. */
export interface Diario {
  reservaCriada(reserva: EstadoReserva): void;
  /** The hold stands, its charge comes by the event. */
  cobrancaAdiada(reservaId: string, causa: unknown): void;
  /** Money came for a reservation that does not exist; it goes back. */
  pagamentoSemReserva(reservaId: string, pagamentoId: string): void;
  /** Something else was told of such a reservation; nothing follows from it. */
  fatoSemReserva(reservaId: string, fato: string): void;
  /** Money came that is not the price of its reservation; it goes back. */
  pagamentoDivergente(reservaId: string, pagamentoId: string): void;
}

/** What operators want to know of the workers. */
export interface DiarioDeTrabalhos {
  /** Work for one thing has failed, `vezes` in a row by now. */
  trabalhoAdiado(trabalho: Trabalho, itemId: string, vezes: number, causa: unknown): void;
}

/** What operators want to know of the waitlist. */
export interface DiarioDaFila {
  /** The first in line has the slot for some time. */
  vagaOferecida(entrada: EstadoEntrada): void;
}

/** All that is known of one saga, as of one moment. */
export interface RegistrosDaSaga {
  readonly reserva: EstadoReserva;
  /** The latest ones, oldest first; the same holds for `ocorrencias`. */
  readonly historico: readonly PassoHistorico[];
  readonly ocorrencias: readonly OcorrenciaDaSaga[];
  /** Events that have not reached the bus. */
  readonly porPublicar: number;
}

export interface Sagas {
  registros(reservaId: string, maximo: number): Promise<RegistrosDaSaga | undefined>;
}

/** A position in a list sorted by one text and the id. */
export interface Posicao {
  readonly ordem: string;
  readonly id: string;
}

/** One page; `proxima` is where the next one starts, undefined on the last. */
export interface Pagina<T> {
  readonly itens: readonly T[];
  readonly proxima: Posicao | undefined;
}

export interface FiltroEspacos {
  readonly tipo: TipoEspaco | undefined;
  readonly capacidadeMinima: number;
  readonly incluirInativos: boolean;
}

export interface FiltroReservas {
  readonly clienteId: string | undefined;
  readonly espacoId: string | undefined;
  readonly status: StatusReserva | undefined;
  /** Only what ends after this instant. */
  readonly periodoInicio: Date | undefined;
  /** Only what starts before this instant. */
  readonly periodoFim: Date | undefined;
}

/** What is in the way of bookings of a space. */
export interface AgendaOcupada {
  readonly ocupacoes: readonly Ocupacao[];
  readonly fechamentos: readonly Fechamento[];
}

/** Reads what is taken. May lag behind by a minute, so no booking ever decides by it. */
export interface Agendas {
  /** Between two instants and within the largest buffer around them. */
  entre(espacoId: string, de: Date, ate: Date): Promise<AgendaOcupada>;
}

/** Reads that need no transaction. */
export interface Consultas {
  espaco(id: string): Promise<EstadoEspaco | undefined>;
  /** By name. */
  espacos(
    filtro: FiltroEspacos,
    tamanho: number,
    depoisDe: Posicao | undefined,
  ): Promise<Pagina<EstadoEspaco>>;
  fechamento(id: string): Promise<Fechamento | undefined>;
  /** By start. */
  fechamentos(espacoId: string, tamanho: number, depoisDe: Posicao | undefined): Promise<Pagina<Fechamento>>;
  reserva(id: string): Promise<EstadoReserva | undefined>;
  /** Oldest first. */
  historico(reservaId: string): Promise<PassoComAutor[]>;
  /** Newest first. */
  reservas(
    filtro: FiltroReservas,
    tamanho: number,
    depoisDe: Posicao | undefined,
  ): Promise<Pagina<EstadoReserva>>;
}

export interface FiltroSeries {
  readonly clienteId: string | undefined;
  readonly espacoId: string | undefined;
}

/** Reads of series that need no transaction. */
export interface ConsultasSeries {
  serie(id: string): Promise<Serie | undefined>;
  /** Its reservations, by number. */
  reservas(serieId: string): Promise<EstadoReserva[]>;
  /** Newest first. */
  series(filtro: FiltroSeries, tamanho: number, depoisDe: Posicao | undefined): Promise<Pagina<Serie>>;
}
