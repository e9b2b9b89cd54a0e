import { AggregateRoot } from '@plataforma/domain/aggregate';
import { Result } from '@plataforma/domain/result';
import type { ExtraReservado } from './extras.ts';
import { Recusa } from './motivo.ts';
import { MINUTO_MS, type PeriodoReserva } from './periodo-reserva.ts';
import type { PoliticaCancelamento } from './politica-cancelamento.ts';
import type { Preco } from './precificacao.ts';
import { ocupa, type StatusReserva } from './status-reserva.ts';

export class ReservaNaoEncontradaError extends Recusa {
  readonly motivo = 'RESERVA_NAO_ENCONTRADA';

  constructor() {
    super('Reserva não encontrada.');
  }
}

export class TransicaoInvalidaError extends Recusa {
  readonly motivo = 'TRANSICAO_INVALIDA';

  constructor(status: StatusReserva, porque: string) {
    super(`A reserva está ${status} e ${porque}.`, { status });
  }
}

/** Who caused a change, why, and when. */
export interface Autoria {
  readonly quem: string;
  readonly porque: string;
  readonly em: Date;
}

/** One step in the life of a reservation; `versao` counts them from 1. */
export interface Mudanca extends Autoria {
  readonly versao: number;
  readonly de: StatusReserva | undefined;
  readonly para: StatusReserva;
}

/** What happened to a reservation. Everything goes to its history; some of it is told to the other services. */
export type ReservaEvent =
  | { readonly tipo: 'ReservaCriada'; readonly mudanca: Mudanca }
  | { readonly tipo: 'CobrancaRegistrada'; readonly pagamentoId: string; readonly mudanca: Mudanca }
  | { readonly tipo: 'PagamentoRecusado'; readonly pagamentoId: string; readonly mudanca: Mudanca }
  | { readonly tipo: 'ReservaConfirmada'; readonly pagamentoId: string; readonly mudanca: Mudanca };

/** What is frozen when a reservation is made. */
export interface DadosReserva {
  readonly id: string;
  readonly clienteId: string;
  readonly espacoId: string;
  readonly espacoNome: string;
  readonly espacoEndereco: string;
  readonly fusoHorario: string;
  readonly periodo: PeriodoReserva;
  readonly folgaMinutos: number;
  readonly preco: Preco;
  readonly extras: readonly ExtraReservado[];
  readonly politica: PoliticaCancelamento;
  readonly cotacaoId: string | undefined;
  /** The caller's `Idempotency-Key`, by which a repeated call finds the reservation it made. */
  readonly chaveIdempotencia: string | undefined;
}

/** A reservation as it is stored. */
export interface EstadoReserva extends DadosReserva {
  readonly status: StatusReserva;
  readonly versao: number;
  readonly expiraEm: Date;
  readonly criadaEm: Date;
  readonly atualizadaEm: Date;
  readonly checkoutUrl: string | undefined;
  readonly pagamentoId: string | undefined;
  readonly confirmadaEm: Date | undefined;
}

/** A space booked by one customer for one period. */
export class Reserva extends AggregateRoot<ReservaEvent> {
  #estado: EstadoReserva;

  private constructor(estado: EstadoReserva) {
    super();
    this.#estado = estado;
  }

  /** Takes the slot, to be paid within `esperaPagamentoMinutos`. */
  static criar(dados: DadosReserva, esperaPagamentoMinutos: number, autoria: Autoria): Reserva {
    const reserva = new Reserva({
      ...dados,
      status: 'PENDENTE_COBRANCA',
      versao: 0,
      expiraEm: new Date(autoria.em.getTime() + esperaPagamentoMinutos * MINUTO_MS),
      criadaEm: autoria.em,
      atualizadaEm: autoria.em,
      checkoutUrl: undefined,
      pagamentoId: undefined,
      confirmadaEm: undefined,
    });
    const mudanca = reserva.#passo(autoria, {});
    reserva.addDomainEvent({ tipo: 'ReservaCriada', mudanca: { ...mudanca, de: undefined } });
    return reserva;
  }

  /** A reservation read from where it is stored. */
  static restaurar(estado: EstadoReserva): Reserva {
    return new Reserva(estado);
  }

  get estado(): EstadoReserva {
    return this.#estado;
  }

  get id(): string {
    return this.#estado.id;
  }

  /** Notes the charge. Idempotent, and without effect when the payment was faster. */
  registrarCobranca(
    pagamentoId: string,
    checkoutUrl: string,
    autoria: Autoria,
  ): Result<void, TransicaoInvalidaError> {
    const { status, pagamentoId: atual } = this.#estado;
    if (status !== 'PENDENTE_COBRANCA') {
      if (atual === pagamentoId) return Result.ok(undefined);
      return this.#recusar('não espera esta cobrança');
    }
    const mudanca = this.#passo(autoria, { status: 'PENDENTE_PAGAMENTO', pagamentoId, checkoutUrl });
    this.addDomainEvent({ tipo: 'CobrancaRegistrada', pagamentoId, mudanca });
    return Result.ok(undefined);
  }

  /** Notes a declined card. The hold lives on until its deadline, so only the history grows. */
  registrarRecusa(pagamentoId: string, autoria: Autoria): void {
    const mudanca = this.#passo(autoria, {});
    this.addDomainEvent({ tipo: 'PagamentoRecusado', pagamentoId, mudanca });
  }

  /** Idempotent for the same payment: the event may arrive more than once, and before the charge was noted. */
  confirmar(pagamentoId: string, autoria: Autoria): Result<void, TransicaoInvalidaError> {
    const { status, pagamentoId: atual } = this.#estado;
    if ((status === 'CONFIRMADA' || status === 'CONCLUIDA') && atual === pagamentoId)
      return Result.ok(undefined);
    if (status === 'CONFIRMADA' || !ocupa(status)) return this.#recusar('não pode ser confirmada');
    if (atual !== undefined && atual !== pagamentoId) return this.#recusar('espera outro pagamento');
    const mudanca = this.#passo(autoria, { status: 'CONFIRMADA', pagamentoId, confirmadaEm: autoria.em });
    this.addDomainEvent({ tipo: 'ReservaConfirmada', pagamentoId, mudanca });
    return Result.ok(undefined);
  }

  #passo(autoria: Autoria, mudancas: Partial<EstadoReserva>): Mudanca {
    const { status: de, versao } = this.#estado;
    const atualizadaEm = mudancas.status === undefined ? this.#estado.atualizadaEm : autoria.em;
    this.#estado = { ...this.#estado, ...mudancas, versao: versao + 1, atualizadaEm };
    return { ...autoria, versao: versao + 1, de, para: this.#estado.status };
  }

  #recusar(porque: string): Result<never, TransicaoInvalidaError> {
    return Result.fail(new TransicaoInvalidaError(this.#estado.status, porque));
  }
}
