import { Dinheiro } from '@plataforma/domain/dinheiro';
import { Result } from '@plataforma/domain/result';
import {
  CobrancaAdiadaError,
  type CobrancaCriada,
  type Diario,
  type DiarioDeTrabalhos,
  type PagamentosGateway,
  type PedidoDeCobranca,
  type SaldosDePagamentos,
} from '../src/application/ports.ts';
import type { Devolvivel } from '../src/domain/estado-reserva.ts';
import type { Trabalho } from '../src/domain/trabalhos-adiados.ts';

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
export class DiarioEmMemoria implements Diario, DiarioDeTrabalhos {
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
