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
import {
  CobrancaAdiadaError,
  type CobrancaCriada,
  type ConsultaDePagamentos,
  type PagamentoAprovado,
  type PagamentosGateway,
  type PedidoDeCobranca,
} from '../../application/ports.ts';

interface Options {
  readonly address: string;
  readonly tokens: Pick<ServiceTokens, 'tokenFor'>;
  readonly logger: Logger;
  /** For token and call together, retries included. Default 5 s. */
  readonly timeoutMs?: number;
}

/** Codes that answer the request; anything else says that pagamentos, or the way to it, is not well. */
const ANSWERS: ReadonlySet<Code> = new Set([
  Code.InvalidArgument,
  Code.NotFound,
  Code.AlreadyExists,
  Code.PermissionDenied,
  Code.FailedPrecondition,
]);

/** pagamentos over gRPC, behind one circuit breaker, with this service's own token. */
export class PagamentosClient implements PagamentosGateway, ConsultaDePagamentos {
  readonly #client;
  readonly #breaker;

  constructor({ address, tokens, logger, timeoutMs = 5_000 }: Options) {
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

  async criarCobranca(pedido: PedidoDeCobranca): Promise<Result<CobrancaCriada, CobrancaAdiadaError>> {
    const { reservaId, clienteId, valor, descricao, expiraEm, guardarCreditos } = pedido;
    try {
      const request = {
        reservaId,
        clienteId,
        valor: { centavos: valor.centavos, moeda: valor.moeda },
        descricao,
        expiraEm: timestampFromDate(expiraEm),
        guardarCreditos,
      };
      const pagamento = await this.#breaker.fire(() => this.#client.criarCobranca(request));
      return Result.ok(cobrancaDe(pagamento));
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

  close(): void {
    this.#breaker.close();
    this.#client.close();
  }
}

function cobrancaDe(pagamento: Pagamento): CobrancaCriada {
  const cobranca = { pagamentoId: pagamento.id, checkoutUrl: pagamento.checkoutUrl };
  if (pagamento.status !== StatusPagamento.APROVADO) return cobranca;
  return { ...cobranca, pagaComCreditos: creditosDe(pagamento) };
}

function creditosDe({ creditosUsados }: Pagamento): Dinheiro {
  return Dinheiro.deCentavos(creditosUsados?.centavos ?? 0n);
}

function isAnswer(error: unknown): boolean {
  return error instanceof ConnectError && ANSWERS.has(error.code);
}
