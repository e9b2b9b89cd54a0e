import { Result } from '@plataforma/domain/result';
import {
  CobrancaAdiadaError,
  type CobrancaCriada,
  type Diario,
  type PagamentosGateway,
  type PedidoDeCobranca,
} from '../src/application/ports.ts';

/** Charges in memory, one per reservation, or none at all while `fora` is true. */
export class PagamentosEmMemoria implements PagamentosGateway {
  readonly pedidos: PedidoDeCobranca[] = [];
  fora = false;

  async criarCobranca(pedido: PedidoDeCobranca): Promise<Result<CobrancaCriada, CobrancaAdiadaError>> {
    this.pedidos.push(pedido);
    if (this.fora) return Result.fail(new CobrancaAdiadaError('out of order'));
    const pagamentoId = `pag_${pedido.reservaId}`;
    return Result.ok({ pagamentoId, checkoutUrl: `https://pay.example/${pagamentoId}` });
  }
}

/** Remembers which charges were put off. */
export class DiarioEmMemoria implements Diario {
  readonly adiadas: string[] = [];

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
