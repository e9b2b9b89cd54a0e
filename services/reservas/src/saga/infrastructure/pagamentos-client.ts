import { Code, ConnectError } from '@connectrpc/connect';
import { type Pagamento, StatusPagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { createBreaker } from '@plataforma/runtime/breaker';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import type { Logger } from '@plataforma/runtime/logger';
import type { ServiceTokens } from '@plataforma/runtime/service-token';
import type { SaldosDePagamentos } from '../../cancelamentos/application/ports.ts';
import type { ConsultaDePagamentos, PagamentoAprovado } from '../../reservas/application/ports.ts';
import type { Devolvivel, EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import { toPedidoDeCobrancaProto } from '../../reservas/infrastructure/pedido-de-cobranca.ts';
import type { PagamentosGateway } from '../application/ports.ts';
import type { RespostaDeCobranca } from '../domain/fato.ts';

interface Options {
  readonly address: string;
  readonly tokens: Pick<ServiceTokens, 'tokenFor'>;
  readonly logger: Logger;
  /** For token and call together, retries included. Default 5 s. */
  readonly timeoutMs?: number;
}

/** The caller who cancels waits for it, token and retries included, and goes on without it. */
const SALDO_TIMEOUT_MS = 1_000;

/** Codes that answer the request; anything else says that pagamentos, or the way to it, is not well. */
const ANSWERS: ReadonlySet<Code> = new Set([
  Code.InvalidArgument,
  Code.NotFound,
  Code.AlreadyExists,
  Code.PermissionDenied,
  Code.FailedPrecondition,
]);

/** pagamentos over gRPC, behind one circuit breaker, with this service's own token. */
export class PagamentosClient implements PagamentosGateway, ConsultaDePagamentos, SaldosDePagamentos {
  readonly #client;
  readonly #breaker;
  readonly #logger: Logger;

  constructor({ address, tokens, logger, timeoutMs = 5_000 }: Options) {
    this.#logger = logger;
    this.#client = createGrpcClient(PagamentosService, {
      address,
      timeoutMs,
      headers: async () => ({ authorization: `Bearer ${await tokens.tokenFor('pagamentos')}` }),
    });
    this.#breaker = createBreaker('pagamentos', (chamar: () => Promise<Pagamento>) => chamar(), {
      timeoutMs,
      isAnswer,
      onStateChange: (state) => logger.warn({ breaker: 'pagamentos', state }, 'circuit breaker changed'),
    });
  }

  criarCobranca(reserva: EstadoReserva): Promise<RespostaDeCobranca> {
    return this.#cobrar(reserva.id, () => this.#client.criarCobranca(toPedidoDeCobrancaProto(reserva)));
  }

  usarCreditos(reserva: EstadoReserva): Promise<RespostaDeCobranca> {
    return this.#cobrar(reserva.id, () => this.#client.usarCreditos(toPedidoDeCobrancaProto(reserva)));
  }

  async #cobrar(reservaId: string, chamar: () => Promise<Pagamento>) {
    try {
      return fatoDe(reservaId, await this.#breaker.fire(chamar));
    } catch (cause) {
      throw new Error('pagamentos did not create the charge', { cause });
    }
  }

  async aprovado(pagamentoId: string): Promise<PagamentoAprovado | undefined> {
    try {
      const pagamento = await this.#breaker.fire(() => this.#client.obterPagamento({ pagamentoId }));
      if (pagamento.status !== StatusPagamento.APROVADO) return undefined;
      const { reservaId, valor } = pagamento;
      // One that does not say what it paid pays nothing.
      const pago = Dinheiro.deCentavos(valor?.centavos ?? 0n, valor?.moeda);
      return { reservaId, valor: pago, creditosUsados: creditosDe(pagamento) };
    } catch (error) {
      if (error instanceof ConnectError && error.code === Code.NotFound) return undefined;
      throw error;
    }
  }

  /** Not behind the breaker: what is known by events will do, so its slowness must not keep charges from being made. */
  async devolvivel(pagamentoId: string): Promise<Devolvivel | undefined> {
    try {
      const pedido = this.#client.obterPagamento({ pagamentoId }, { timeoutMs: SALDO_TIMEOUT_MS });
      const { versao, devolvivel, devolvivelCreditos } = await pedido;
      if (!devolvivel || !devolvivelCreditos) return undefined;
      const { centavos, moeda } = devolvivel;
      const creditos = Dinheiro.deCentavos(devolvivelCreditos.centavos, moeda);
      return { versao, valor: Dinheiro.deCentavos(centavos, moeda), creditos };
    } catch (err) {
      this.#logger.warn({ err, pagamentoId }, 'pagamentos could not be asked what can still go back');
      return undefined;
    }
  }

  close(): void {
    this.#breaker.close();
    this.#client.close();
  }
}

function fatoDe(reservaId: string, pagamento: Pagamento): RespostaDeCobranca {
  const { id: pagamentoId, checkoutUrl, status } = pagamento;
  const cobranca = { reservaId, pagamentoId, creditosUsados: creditosDe(pagamento) };
  // By credit, or by card before its checkout was closed.
  if (status === StatusPagamento.APROVADO) return { tipo: 'PagamentoAprovado', ...cobranca };
  // Closed or given back, it still shows the checkout that it had, where nothing can be paid any more.
  if (status !== StatusPagamento.PENDENTE)
    throw new Error(`the charge is not open, but ${status}: its events tell what became of it`);
  if (checkoutUrl === '') throw new Error('the charge has no checkout yet');
  return { tipo: 'CobrancaCriada', checkoutUrl, ...cobranca };
}

function creditosDe({ creditosUsados }: Pagamento): Dinheiro {
  return Dinheiro.deCentavos(creditosUsados?.centavos ?? 0n);
}

function isAnswer(error: unknown): boolean {
  return error instanceof ConnectError && ANSWERS.has(error.code);
}
