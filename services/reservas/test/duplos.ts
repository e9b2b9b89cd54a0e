import { Dinheiro } from '@plataforma/domain/dinheiro';
import { Result } from '@plataforma/domain/result';
import type { SaldosDePagamentos } from '../src/cancelamentos/application/ports.ts';
import type { ObservadorDeReservas } from '../src/reservas/application/ports.ts';
import type { Devolvivel } from '../src/reservas/domain/estado-reserva.ts';
import {
  CobrancaAdiadaError,
  type CobrancaCriada,
  type ObservadorDaSaga,
  type PagamentosGateway,
} from '../src/saga/application/ports.ts';
import type { PedidoDeCobranca } from '../src/saga/domain/reserva-saga.ts';
import type { ObservadorDeTrabalhos } from '../src/trabalhos/application/ports.ts';
import type { Trabalho } from '../src/trabalhos/domain/trabalhos-adiados.ts';

/** Charges in memory, one per reservation, or none at all while `fora` is true. */
export class PagamentosEmMemoria implements PagamentosGateway, SaldosDePagamentos {
  readonly saldos = new Map<string, Devolvivel>();
  readonly pedidos: PedidoDeCobranca[] = [];
  /** Of which somebody asked what can still go back. */
  readonly consultados: string[] = [];
  fora = false;

  async criarCobranca(pedido: PedidoDeCobranca): Promise<Result<CobrancaCriada, CobrancaAdiadaError>> {
    this.pedidos.push(pedido);
    if (this.fora) return Result.fail(new CobrancaAdiadaError('out of order'));
    const pagamentoId = `pag_${pedido.reservaId}`;
    const aPagar = { paga: false, creditosUsados: Dinheiro.zero() };
    return Result.ok({ ...aPagar, pagamentoId, checkoutUrl: `https://pay.example/${pagamentoId}` });
  }

  /** Nobody has credit here. */
  usarCreditos(pedido: PedidoDeCobranca): Promise<Result<CobrancaCriada, CobrancaAdiadaError>> {
    return this.criarCobranca(pedido);
  }

  async devolvivel(pagamentoId: string): Promise<Devolvivel | undefined> {
    this.consultados.push(pagamentoId);
    return this.saldos.get(pagamentoId);
  }
}

/** Remembers which charges were put off. */
export class ObservadorEmMemoria implements ObservadorDeReservas, ObservadorDaSaga, ObservadorDeTrabalhos {
  readonly adiadas: string[] = [];

  /** What was put off, with how often it had failed. */
  readonly falhas: string[] = [];

  trabalhoAdiado(trabalho: Trabalho, itemId: string, vezes: number): void {
    this.falhas.push(`${trabalho} ${itemId} ${vezes}`);
  }

  reservaCriada(): void {}

  pagamentoSemReserva(): void {}
  fatoSemReserva(): void {}

  readonly divergentes: string[] = [];

  pagamentoDivergente(reservaId: string): void {
    this.divergentes.push(reservaId);
  }

  cobrancaAdiada(reservaId: string): void {
    this.adiadas.push(reservaId);
  }
}
