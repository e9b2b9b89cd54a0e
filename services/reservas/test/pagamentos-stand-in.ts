import { timestampNow } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import { StatusPagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import {
  type CriarCobrancaRequest,
  PagamentosService,
  type UsarCreditosRequest,
} from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { rpcError } from '@plataforma/runtime/errors';
import { startGrpcServer } from '@plataforma/runtime/grpc-server';
import { Health } from '@plataforma/runtime/health';
import { createInterceptors } from '@plataforma/runtime/interceptors';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import { createLogger } from '@plataforma/runtime/logger';
import { harmless, type RpcService, rpcService } from '@plataforma/runtime/rpc';
import type { TestIssuer } from '@plataforma/testing/test-tokens';
import { authStandIn } from './auth-stand-in.ts';

/** What the stand-in does with a charge. `credito`: store credit pays it at once. `prepares`: it has no checkout yet. */
export type Mode = 'answers' | 'hangs' | 'refuses' | 'crashes' | 'credito' | 'prepares';

/** auth and pagamentos as reservas sees them, over real gRPC on one port; tokens are checked as in production. */
export interface StandIns {
  readonly address: string;
  readonly cobrancas: CriarCobrancaRequest[];
  /** Charges that credit was to pay afterwards. */
  readonly usos: UsarCreditosRequest[];
  /** Cents that it has paid then, unless the mode says that it pays all. */
  creditoParcial: bigint;
  /** Approved payments and their reservations: every charge that is made is paid at once. */
  readonly pagos: Map<string, string>;
  /** What of a payment can still go back, in cents; it is not told of others. */
  readonly devolviveis: Map<string, { readonly versao: number; readonly valor: bigint }>;
  /** What callers who asked for a payment had left to wait, in milliseconds. */
  readonly deadlinesMs: (number | undefined)[];
  mode: Mode;
  /** As which the payments are shown. */
  statusDoPagamento: StatusPagamento;
  /** As which a charge is answered, with its checkout; undefined: as the mode says. */
  statusDaCobranca: StatusPagamento | undefined;
  /** What they have paid; undefined: what was charged. */
  valorDoPagamento: { readonly centavos: bigint; readonly moeda: string } | undefined;
  close(): Promise<void>;
}

export async function startStandIns(issuer: TestIssuer): Promise<StandIns> {
  const cobrancas: CriarCobrancaRequest[] = [];
  const pagos = new Map<string, string>();
  const standIns = {
    address: '',
    cobrancas,
    usos: [] as UsarCreditosRequest[],
    creditoParcial: 0n,
    pagos,
    devolviveis: new Map(),
    deadlinesMs: [],
    mode: 'answers' as Mode,
    statusDoPagamento: StatusPagamento.APROVADO,
    statusDaCobranca: undefined,
    valorDoPagamento: undefined,
    close: async () => {},
  };
  const services = [...authStandIn(issuer), pagamentosService(standIns)];
  const logger = createLogger({ service: 'stand-ins', level: 'silent' });
  const verifier = createTokenVerifier({
    jwksUrl: issuer.jwksUrl,
    issuer: issuer.issuer,
    audience: 'pagamentos',
  });
  const server = await startGrpcServer({
    host: '127.0.0.1',
    port: 0,
    services,
    interceptors: createInterceptors({ logger, verifier, services }),
    health: new Health(),
    reflection: false,
    logger,
  });
  return Object.assign(standIns, { address: `127.0.0.1:${server.port}`, close: () => server.close() });
}

function pagamentosService(
  standIns: Pick<
    StandIns,
    | 'mode'
    | 'cobrancas'
    | 'pagos'
    | 'devolviveis'
    | 'deadlinesMs'
    | 'statusDoPagamento'
    | 'statusDaCobranca'
    | 'valorDoPagamento'
    | 'usos'
    | 'creditoParcial'
  >,
): RpcService {
  const reservas = { servicos: ['reservas'] };
  return rpcService(PagamentosService, {
    acesso: {
      criarCobranca: reservas,
      usarCreditos: reservas,
      obterPagamento: reservas,
      listarTransacoes: reservas,
      obterExtrato: reservas,
      obterTotais: reservas,
      listarEventos: reservas,
      estornarPagamento: reservas,
      obterCreditos: reservas,
    },
    repeats: { criarCobranca: harmless('a stand-in'), usarCreditos: harmless('a stand-in') },
    impl: {
      async criarCobranca(request, { signal }) {
        standIns.cobrancas.push(request);
        await behave(standIns.mode, signal);
        const id = `pag_${request.reservaId.slice(4)}`;
        standIns.pagos.set(id, request.reservaId);
        if (standIns.mode === 'credito' && !request.guardarCreditos)
          return { id, status: StatusPagamento.APROVADO, creditosUsados: request.valor };
        return {
          id,
          reservaId: request.reservaId,
          status: standIns.statusDaCobranca ?? StatusPagamento.PENDENTE,
          checkoutUrl: standIns.mode === 'prepares' ? '' : `https://pay.example/${id}`,
          criadoEm: timestampNow(),
        };
      },
      async usarCreditos(request, { signal }) {
        standIns.usos.push(request);
        await behave(standIns.mode, signal);
        const id = `pag_${request.reservaId.slice(4)}`;
        standIns.pagos.set(id, request.reservaId);
        if (standIns.mode === 'credito')
          return { id, status: StatusPagamento.APROVADO, creditosUsados: request.valor };
        const part = standIns.creditoParcial;
        const creditosUsados = { centavos: part, moeda: 'BRL' };
        const checkoutUrl = `https://pay.example/${id}${part > 0n ? '/resto' : ''}`;
        const status = standIns.statusDaCobranca ?? StatusPagamento.PENDENTE;
        return { id, status, checkoutUrl, creditosUsados };
      },
      async obterPagamento({ pagamentoId }, { signal, timeoutMs }) {
        standIns.deadlinesMs.push(timeoutMs());
        if (standIns.mode === 'hangs') await aborted(signal);
        if (standIns.mode === 'crashes')
          throw rpcError(Code.Unavailable, 'SERVICO_INDISPONIVEL', 'Fora do ar.');
        const reservaId = standIns.pagos.get(pagamentoId);
        if (reservaId === undefined)
          throw rpcError(Code.NotFound, 'PAGAMENTO_NAO_ENCONTRADO', 'Não há este pagamento.');
        const charged = standIns.cobrancas.find((cobranca) => cobranca.reservaId === reservaId)?.valor;
        const valor = standIns.valorDoPagamento ?? charged;
        const status = standIns.statusDoPagamento;
        const pagamento = { id: pagamentoId, reservaId, status, ...(valor && { valor }) };
        const left = standIns.devolviveis.get(pagamentoId);
        if (!left) return pagamento;
        const [devolvivel, devolvivelCreditos] = [left.valor, 0n].map((centavos) => ({
          centavos,
          moeda: 'BRL',
        }));
        return { ...pagamento, versao: left.versao, devolvivel, devolvivelCreditos };
      },
    },
  });
}

async function behave(mode: Mode, signal: AbortSignal): Promise<void> {
  if (mode === 'hangs') await aborted(signal);
  if (mode === 'crashes') throw new Error('crashed');
  if (mode === 'refuses')
    throw rpcError(Code.FailedPrecondition, 'COBRANCA_DIVERGENTE', 'Cobrada com outro valor.');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
