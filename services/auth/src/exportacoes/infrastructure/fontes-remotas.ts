import { Code, ConnectError } from '@connectrpc/connect';
import { DadosPessoaisService as EmNotificacoes } from '@plataforma/contratos/notificacoes/v1/dados_pessoais_service_pb';
import { DadosPessoaisService as EmPagamentos } from '@plataforma/contratos/pagamentos/v1/dados_pessoais_service_pb';
import { DadosPessoaisService as EmReservas } from '@plataforma/contratos/reservas/v1/dados_pessoais_service_pb';
import { ProviderAwayError } from '@plataforma/domain/work-queue';
import { BreakerOpenError, BreakerTimeoutError, createBreaker } from '@plataforma/runtime/breaker';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import type { Logger } from '@plataforma/runtime/logger';
import type { TokenIssuer } from '../../chaves/application/ports.ts';
import type { Fonte } from '../application/ports.ts';
import type { PaginaColetada } from '../domain/exportacao.ts';

/** Where the other services are: `host:port` of their gRPC listeners. */
export interface EnderecosDosServicos {
  readonly reservasAddress: string;
  readonly pagamentosAddress: string;
  readonly notificacoesAddress: string;
}

interface Deps {
  readonly config: EnderecosDosServicos;
  readonly tokens: TokenIssuer;
  readonly logger: Logger;
}

/** For one page. */
const TIMEOUT_MS = 10_000;

/** Answers that are about this export. Anything else says that the service, or the way to it, is not well: it will be. */
const ANSWERS: ReadonlySet<Code> = new Set([
  ...[Code.InvalidArgument, Code.NotFound, Code.PermissionDenied, Code.FailedPrecondition, Code.Internal],
]);

type Pagina = (pedido: { usuarioId: string; posicao: string }) => Promise<{
  readonly secoes: PaginaColetada['secoes'];
  readonly proximaPosicao: string;
}>;

/** A source that is asked over the network, and closed. */
export type FonteRemota = Fonte & { close(): void };

/** What the other services know about a person, each behind a circuit breaker and asked with a token of auth for it alone. */
export function fontesRemotas({ config, tokens, logger }: Deps): readonly FonteRemota[] {
  const options = (nome: string, address: string) => ({
    ...{ address, timeoutMs: TIMEOUT_MS },
    async headers() {
      const { token } = await tokens.issue({ tipo: 'servico', sub: 'auth', audiencia: nome });
      return { authorization: `Bearer ${token}` };
    },
  });
  const notificacoes = createGrpcClient(EmNotificacoes, options('notificacoes', config.notificacoesAddress));
  const pagamentos = createGrpcClient(EmPagamentos, options('pagamentos', config.pagamentosAddress));
  const reservas = createGrpcClient(EmReservas, options('reservas', config.reservasAddress));
  const fonte = (nome: string, pedir: Pagina, close: () => void) =>
    fonteRemota({ nome, pedir, close, logger });
  return [
    fonte('notificacoes', (pedido) => notificacoes.exportarDados(pedido), notificacoes.close),
    fonte('pagamentos', (pedido) => pagamentos.exportarDados(pedido), pagamentos.close),
    fonte('reservas', (pedido) => reservas.exportarDados(pedido), reservas.close),
  ];
}

function fonteRemota({
  nome,
  pedir,
  close,
  logger,
}: {
  nome: string;
  pedir: Pagina;
  close: () => void;
  logger: Logger;
}): FonteRemota {
  const breaker = createBreaker(`dados-de-${nome}`, pedir, {
    timeoutMs: TIMEOUT_MS,
    isAnswer,
    onStateChange: (state) => logger.warn({ breaker: `dados-de-${nome}`, state }, 'circuit breaker changed'),
  });
  return {
    nome,
    async pagina(usuarioId, posicao) {
      try {
        const { secoes, proximaPosicao } = await breaker.fire({ usuarioId, posicao });
        return { secoes, proxima: proximaPosicao };
      } catch (cause) {
        if (isAway(cause)) throw new ProviderAwayError(`${nome} does not tell what it knows now`, { cause });
        throw cause;
      }
    },
    close() {
      breaker.close();
      close();
    },
  };
}

const isAnswer = (error: unknown) => error instanceof ConnectError && ANSWERS.has(error.code);

const isAway = (error: unknown) =>
  error instanceof BreakerOpenError ||
  error instanceof BreakerTimeoutError ||
  (error instanceof ConnectError && !ANSWERS.has(error.code));
