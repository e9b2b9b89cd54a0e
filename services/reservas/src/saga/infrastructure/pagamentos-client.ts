import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { type Pagamento, StatusPagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { Result } from '@plataforma/domain/result';
import { createBreaker } from '@plataforma/runtime/breaker';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import type { Logger } from '@plataforma/runtime/logger';
import type { ServiceTokens } from '@plataforma/runtime/service-token';
import type { SaldosDePagamentos } from '../../cancelamentos/application/ports.ts';
import type { ConsultaDePagamentos, PagamentoAprovado } from '../../reservas/application/ports.ts';
import type { Devolvivel } from '../../reservas/domain/estado-reserva.ts';
import { CobrancaAdiadaError, type CobrancaCriada, type PagamentosGateway } from '../application/ports.ts';
import type { PedidoDeCobranca } from '../domain/reserva-saga.ts';

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

  criarCobranca(pedido: PedidoDeCobranca): Promise<Result<CobrancaCriada, CobrancaAdiadaError>> {
    const { guardarCreditos } = pedido;
    return this.#cobrar(() => this.#client.criarCobranca({ ...emRequest(pedido), guardarCreditos }));
  }

  usarCreditos(pedido: PedidoDeCobranca): Promise<Result<CobrancaCriada, CobrancaAdiadaError>> {
    return this.#cobrar(() => this.#client.usarCreditos(emRequest(pedido)));
  }

  async #cobrar(chamar: () => Promise<Pagamento>): Promise<Result<CobrancaCriada, CobrancaAdiadaError>> {
    try {
      return Result.ok(cobrancaDe(await this.#breaker.fire(chamar)));
    } catch (cause) {
      return Result.fail(new CobrancaAdiadaError('pagamentos did not create the charge', { cause }));
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

function emRequest({ reservaId, clienteId, valor, descricao, expiraEm }: PedidoDeCobranca) {
  const { centavos, moeda } = valor;
  return {
    ...{ reservaId, clienteId, descricao },
    valor: { centavos, moeda },
    expiraEm: timestampFromDate(expiraEm),
  };
}

function cobrancaDe(pagamento: Pagamento): CobrancaCriada {
  const { id: pagamentoId, checkoutUrl, status } = pagamento;
  const paga = status === StatusPagamento.APROVADO;
  return { pagamentoId, checkoutUrl, paga, creditosUsados: creditosDe(pagamento) };
}

function creditosDe({ creditosUsados }: Pagamento): Dinheiro {
  return Dinheiro.deCentavos(creditosUsados?.centavos ?? 0n);
}

function isAnswer(error: unknown): boolean {
  return error instanceof ConnectError && ANSWERS.has(error.code);
}
