import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { type Pagamento, StatusPagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import {
  type CriarCobrancaRequestSchema,
  PagamentosService,
} from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { Result } from '@plataforma/domain/result';
import { createBreaker } from '@plataforma/runtime/breaker';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import type { Logger } from '@plataforma/runtime/logger';
import type { ServiceTokens } from '@plataforma/runtime/service-token';
import {
  CobrancaAdiadaError,
  type CobrancaCriada,
  type PagamentosGateway,
  type PedidoDeCobranca,
} from '../../application/ports.ts';

interface Options {
  readonly address: string;
  readonly tokens: Pick<ServiceTokens, 'tokenFor'>;
  readonly logger: Logger;
  /** For token and charge together, retries included. Default 5 s. */
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

/** pagamentos over gRPC, behind a circuit breaker, with this service's own token. */
export class PagamentosClient implements PagamentosGateway {
  readonly #channel: { close(): void };
  readonly #breaker;

  constructor({ address, tokens, logger, timeoutMs = 5_000 }: Options) {
    const client = createGrpcClient(PagamentosService, {
      address,
      timeoutMs,
      headers: async () => ({ authorization: `Bearer ${await tokens.tokenFor('pagamentos')}` }),
    });
    this.#channel = client;
    this.#breaker = createBreaker(
      'pagamentos',
      (pedido: MessageInitShape<typeof CriarCobrancaRequestSchema>) => client.criarCobranca(pedido),
      {
        timeoutMs,
        isAnswer,
        onStateChange: (state) => logger.warn({ breaker: 'pagamentos', state }, 'circuit breaker changed'),
      },
    );
  }

  async criarCobranca(pedido: PedidoDeCobranca): Promise<Result<CobrancaCriada, CobrancaAdiadaError>> {
    const { reservaId, clienteId, valor, descricao, expiraEm, guardarCreditos } = pedido;
    try {
      const pagamento = await this.#breaker.fire({
        reservaId,
        clienteId,
        valor: { centavos: valor.centavos, moeda: valor.moeda },
        descricao,
        expiraEm: timestampFromDate(expiraEm),
        guardarCreditos,
      });
      return Result.ok(cobrancaDe(pagamento));
    } catch (cause) {
      return Result.fail(new CobrancaAdiadaError('pagamentos did not create the charge', { cause }));
    }
  }

  close(): void {
    this.#breaker.close();
    this.#channel.close();
  }
}

function cobrancaDe({ id, checkoutUrl, status, creditosUsados }: Pagamento): CobrancaCriada {
  const cobranca = { pagamentoId: id, checkoutUrl };
  if (status !== StatusPagamento.APROVADO) return cobranca;
  return { ...cobranca, pagaComCreditos: Dinheiro.deCentavos(creditosUsados?.centavos ?? 0n) };
}

function isAnswer(error: unknown): boolean {
  return error instanceof ConnectError && ANSWERS.has(error.code);
}
