import { AggregateRoot } from '@plataforma/domain/aggregate';
import { Result } from '@plataforma/domain/result';
import type { StatusReserva } from '../../agenda/domain/status-reserva.ts';
import { Recusa } from '../../comum/domain/recusa.ts';
import type { LimitesReserva } from '../../espacos/domain/limites-reserva.ts';
import { type ExtraPedido, mesmosExtras } from '../../precos/domain/extras.ts';
import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import { MINUTO_MS, type PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';

/** Where a place in line stands. */
export type StatusEntrada = 'AGUARDANDO' | 'OFERTADA' | 'ATENDIDA' | 'EXPIRADA' | 'CANCELADA' | 'ENCERRADA';

/** How long an offer holds its slot, unless the period begins before. */
const OFERTA_MINUTOS = 30;

/** Lines that one customer may stand in at the same time, offers included. */
export const MAXIMO_ESPERAS = 10;

/** People who may wait for some of the same time of a space: every booking there looks at them. */
export const MAXIMO_NA_FILA = 100;

export class EntradaNaoEncontradaError extends Recusa {
  readonly motivo = 'ENTRADA_NAO_ENCONTRADA';

  constructor() {
    super('Entrada da fila não encontrada.');
  }
}

/** There is nothing to wait for. */
export class VagaDisponivelError extends Recusa {
  readonly motivo = 'VAGA_DISPONIVEL';

  constructor() {
    super('O espaço está livre neste período: faça a reserva em vez de entrar na fila.');
  }
}

export class JaNaFilaError extends Recusa {
  readonly motivo = 'JA_NA_FILA';

  constructor(entradaId: string) {
    super(
      'Você já está na fila para este período, com outros adicionais. Saia da fila e entre de novo para mudá-los.',
      { entradaId },
    );
  }
}

export class LimiteDeEsperasError extends Recusa {
  readonly motivo = 'LIMITE_DE_ESPERAS';

  constructor() {
    super(
      `Você já está em ${MAXIMO_ESPERAS} filas, o máximo permitido. Saia de uma delas para entrar em outra.`,
      {
        maximo: MAXIMO_ESPERAS,
      },
    );
  }
}

/** Too many others wait for some of the same time. */
export class FilaCheiaError extends Recusa {
  readonly motivo = 'LIMITE_DE_ESPERAS';

  constructor() {
    super(`Já há ${MAXIMO_NA_FILA} pessoas na fila deste período, o máximo permitido. Tente outro horário.`, {
      maximoNaFila: MAXIMO_NA_FILA,
    });
  }
}

/** What somebody waits for. */
export interface PedidoDeEspera {
  readonly clienteId: string;
  readonly espacoId: string;
  readonly periodo: PeriodoReserva;
  readonly extras: readonly ExtraPedido[];
}

/** A place in line as it is stored. */
export interface EstadoEntrada extends PedidoDeEspera {
  readonly id: string;
  readonly status: StatusEntrada;
  readonly versao: number;
  /** From then on the period is too near to be offered. */
  readonly encerraEm: Date;
  readonly criadoEm: Date;
  readonly atualizadoEm: Date;
  readonly oferta: Oferta | undefined;
}

/** The reservation that holds the slot for somebody who waited, and until when it does. */
export interface Oferta {
  readonly reservaId: string;
  readonly expiraEm: Date;
}

/** What the other services hear of: the slot is held. */
export interface VagaOferecida {
  readonly tipo: 'VagaOferecida';
  readonly versao: number;
  readonly reserva: EstadoReserva;
  readonly em: Date;
}

/** What the fate of the offered reservation means for the place in line; the others change nothing. */
const DESFECHO: Partial<Record<StatusReserva, StatusEntrada>> = {
  CONFIRMADA: 'ATENDIDA',
  EXPIRADA: 'EXPIRADA',
  CANCELADA: 'CANCELADA',
};

/** A customer's place in the line for one period of one space. */
export class EntradaFila extends AggregateRoot<VagaOferecida> {
  #estado: EstadoEntrada;

  private constructor(estado: EstadoEntrada) {
    super();
    this.#estado = estado;
  }

  static entrar(id: string, pedido: PedidoDeEspera, limites: LimitesReserva, em: Date): EntradaFila {
    const antecedenciaMs = limites.antecedenciaMinimaMinutos * MINUTO_MS;
    return new EntradaFila({
      ...pedido,
      id,
      status: 'AGUARDANDO',
      versao: 1,
      encerraEm: new Date(pedido.periodo.inicio.getTime() - antecedenciaMs),
      criadoEm: em,
      atualizadoEm: em,
      oferta: undefined,
    });
  }

  /** A place in line read from where it is stored. */
  static restaurar(estado: EstadoEntrada): EntradaFila {
    return new EntradaFila(estado);
  }

  get estado(): EstadoEntrada {
    return this.#estado;
  }

  get id(): string {
    return this.#estado.id;
  }

  get aguarda(): boolean {
    return this.#estado.status === 'AGUARDANDO';
  }

  /** Asking again for what one waits for is no second place in line. */
  repetidaPor(extras: readonly ExtraPedido[]): Result<EstadoEntrada, JaNaFilaError> {
    return mesmosExtras(this.#estado.extras, extras)
      ? Result.ok(this.#estado)
      : Result.fail(new JaNaFilaError(this.id));
  }

  /** `reserva` holds the slot. With nothing to pay it is confirmed already, and there is nothing left to offer. */
  ofertar(reserva: EstadoReserva, em: Date): void {
    if (!this.aguarda) throw new Error(`entry ${this.id} is ${this.#estado.status} and takes no offer`);
    const oferta = { reservaId: reserva.id, expiraEm: reserva.expiraEm };
    if (reserva.status === 'CONFIRMADA') {
      this.#mudar('ATENDIDA', em, { oferta });
      return;
    }
    this.#mudar('OFERTADA', em, { oferta });
    this.addDomainEvent({ tipo: 'VagaOferecida', versao: this.#estado.versao, reserva, em });
  }

  /** Follows the reservation that it was offered. A payment that comes late and is taken counts, too. */
  acompanhar({ status, atualizadoEm }: Pick<EstadoReserva, 'status' | 'atualizadoEm'>): void {
    const { status: atual } = this.#estado;
    const desfecho = DESFECHO[status];
    const muda = atual === 'OFERTADA' || (atual === 'EXPIRADA' && desfecho === 'ATENDIDA');
    if (desfecho && muda) this.#mudar(desfecho, atualizadoEm);
  }

  /** The customer leaves. Who has an offer leaves by its reservation, and who has ended stays ended. */
  sair(em: Date): void {
    if (this.aguarda) this.#mudar('CANCELADA', em);
  }

  /** The period came too near. */
  encerrar(em: Date): void {
    if (this.aguarda && em >= this.#estado.encerraEm) this.#mudar('ENCERRADA', em);
  }

  #mudar(status: StatusEntrada, em: Date, mudancas: Partial<EstadoEntrada> = {}): void {
    const { versao } = this.#estado;
    this.#estado = { ...this.#estado, ...mudancas, status, versao: versao + 1, atualizadoEm: em };
  }
}

/** Minutes that an offer made now holds its slot: never beyond the start of the period. */
export function minutosDaOferta({ inicio }: PeriodoReserva, agora: Date): number {
  return Math.min(OFERTA_MINUTOS, (inicio.getTime() - agora.getTime()) / MINUTO_MS);
}
