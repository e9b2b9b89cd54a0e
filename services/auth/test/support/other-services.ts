import { Code } from '@connectrpc/connect';
import { DadosPessoaisService as EmNotificacoes } from '@plataforma/contratos/notificacoes/v1/dados_pessoais_service_pb';
import { DadosPessoaisService as EmPagamentos } from '@plataforma/contratos/pagamentos/v1/dados_pessoais_service_pb';
import { DadosPessoaisService as EmReservas } from '@plataforma/contratos/reservas/v1/dados_pessoais_service_pb';
import { rpcError } from '@plataforma/runtime/errors';
import { exportarDados } from '@plataforma/runtime/export-rpc';
import { startGrpcServer } from '@plataforma/runtime/grpc-server';
import { Health } from '@plataforma/runtime/health';
import { createInterceptors } from '@plataforma/runtime/interceptors';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import { createLogger } from '@plataforma/runtime/logger';
import type { Linha, Secao } from '@plataforma/runtime/personal-export';
import { principalOf } from '@plataforma/runtime/principal';
import { rpcService } from '@plataforma/runtime/rpc';

export const OUTROS = ['notificacoes', 'pagamentos', 'reservas'] as const;

/** Name of a service that auth asks. */
export type Outro = (typeof OUTROS)[number];

const SERVICES = { notificacoes: EmNotificacoes, pagamentos: EmPagamentos, reservas: EmReservas };

const ACESSO = { exportarDados: { servicos: ['auth'] } };

/** The other services as far as auth asks them about people: each has one section, of what a spec puts there. */
export async function startOtherServices({ jwksUrl, issuer }: { jwksUrl: string; issuer: string }) {
  const logger = createLogger({ service: 'outros', level: 'silent' });
  const linhas = new Map<string, readonly Linha[]>();
  const away = new Set<Outro>();
  const refusing = new Set<Outro>();
  const calls: Outro[] = [];
  let before: (servico: Outro) => Promise<void> = async () => {};

  const secao = (servico: Outro): Secao => ({
    nome: `${servico}.coisas`,
    tabelas: [],
    async ler(usuarioId, depoisDe, maximo) {
      const dela = linhas.get(`${servico} ${usuarioId}`) ?? [];
      return dela.filter(({ chave }) => chave > depoisDe).slice(0, maximo);
    },
  });

  /** One server for each, as each takes tokens for itself only. */
  async function listen(servico: Outro) {
    const answer = exportarDados([secao(servico)]);
    const services = [
      // All three have the same messages, each in its own package.
      rpcService(SERVICES[servico] as unknown as typeof EmReservas, {
        acesso: ACESSO,
        impl: {
          async exportarDados(request, context) {
            calls.push(servico);
            if (principalOf(context).id !== 'auth') throw new Error('somebody else asks');
            await before(servico);
            if (away.has(servico)) throw rpcError(Code.Unavailable, 'SERVICO_INDISPONIVEL', 'Fora.');
            if (refusing.has(servico))
              throw rpcError(Code.InvalidArgument, 'PAGINA_INVALIDA', 'Outra página.');
            return answer(request);
          },
        },
      }),
    ];
    const verifier = createTokenVerifier({ jwksUrl, issuer, audience: servico });
    const interceptors = createInterceptors({ logger, verifier, services });
    const common = { host: '127.0.0.1', port: 0, services, interceptors, health: new Health(), logger };
    return startGrpcServer({ ...common, reflection: false });
  }

  const [notificacoes, pagamentos, reservas] = await Promise.all([
    ...[listen('notificacoes'), listen('pagamentos'), listen('reservas')],
  ]);
  const at = (server: { port: number } | undefined) => `127.0.0.1:${server?.port}`;
  return {
    config: {
      notificacoesAddress: at(notificacoes),
      pagamentosAddress: at(pagamentos),
      reservasAddress: at(reservas),
    },
    /** Services that say they cannot answer now, and those that refuse what they are asked. */
    away,
    refusing,
    /** Who was asked, in order. */
    calls,
    /** So many records of a person, each with a text of this length. */
    tem(servico: Outro, usuarioId: string, quantos: number, letras = 20) {
      const texto = 'x'.repeat(letras);
      const todas = Array.from({ length: quantos }, (_, n) => ({
        chave: String(n).padStart(6, '0'),
        registro: { id: `${servico}_${n}`, texto },
      }));
      linhas.set(`${servico} ${usuarioId}`, todas);
    },
    /** Done before each answer from now on. */
    beforeEach(work: (servico: Outro) => Promise<void>) {
      before = work;
    },
    close: () => Promise.all([notificacoes, pagamentos, reservas].map((server) => server?.close())),
  };
}
