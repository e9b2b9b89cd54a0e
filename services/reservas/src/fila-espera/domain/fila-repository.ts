import type { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import type { EntradaFila, EstadoEntrada, PedidoDeEspera } from './entrada-fila.ts';

/** Instants between which somebody looks. */
export interface Alcance {
  readonly de: Date;
  readonly ate: Date;
}

/** The line of each space and the marks of slots that became free, within one transaction. */
export interface FilaRepository {
  add(entrada: EntradaFila): Promise<void>;
  save(entrada: EntradaFila): Promise<void>;
  /** Locks nothing. */
  ver(id: string): Promise<EntradaFila | undefined>;
  /** Locks the entry until the transaction ends. */
  findById(id: string): Promise<EntradaFila | undefined>;
  /** The entry that was offered this reservation, if one was. Locks nothing: only who has the reservation locked changes it. */
  daReserva(reservaId: string): Promise<EntradaFila | undefined>;
  /** The customer's place in line for exactly this, waiting or offered. */
  ativa(pedido: Omit<PedidoDeEspera, 'extras'>): Promise<EntradaFila | undefined>;
  /** Lines that the customer stands in, offers included. */
  contarAtivas(clienteId: string): Promise<number>;
  /** Place in line, from 1; 0 when the entry does not wait. */
  posicao(id: string): Promise<number>;
  /** How many wait for some of this time. */
  contarEsperando(espacoId: string, periodo: PeriodoReserva): Promise<number>;
  /**
   * Those who wait for a period that no reservation overlaps, in the order in which they came: all that reach into one of
   * the stretches, but no more than the first `MAXIMO_NA_FILA` of each.
   */
  esperandoEm(espacoId: string, agora: Date, alcances: readonly Alcance[]): Promise<EstadoEntrada[]>;
  /** The first of those, whenever their period is. Like those, without the ones to whom offers keep failing. */
  esperando(espacoId: string, agora: Date, maximo: number): Promise<EstadoEntrada[]>;
  /** Locks entries whose period came too near, leaving out those that somebody else has locked or that are put off. */
  aEncerrar(agora: Date, maximo: number): Promise<EntradaFila[]>;
  /** The identities of those; locks nothing. */
  idsAEncerrar(agora: Date, maximo: number): Promise<string[]>;
  /** Spaces where something became free, longest ago first. */
  espacosComVaga(maximo: number): Promise<string[]>;
  /** Locks the marks of a space, leaving out those that somebody else has locked. */
  tomarVagas(espacoId: string): Promise<string[]>;
  /** Whether somebody waits to whom offers keep failing. */
  temAdiadas(espacoId: string, agora: Date): Promise<boolean>;
  /** Puts the marks of a space behind those of all others. */
  adiarVagas(espacoId: string): Promise<void>;
  /** Removes marks that were locked: no customer is left to offer to. */
  concluirVagas(vagas: readonly string[]): Promise<void>;
}
