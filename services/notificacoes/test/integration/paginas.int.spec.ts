import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { startGrpcServer } from '@plataforma/runtime/grpc-server';
import { Health } from '@plataforma/runtime/health';
import { startHttpServer } from '@plataforma/runtime/http-server';
import { createInterceptors } from '@plataforma/runtime/interceptors';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import { eventually } from '@plataforma/testing/eventually';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { walkPageTokens } from '@plataforma/testing/page-token-walk';
import { createTestIssuer, type TestIssuer } from '@plataforma/testing/test-tokens';
import { Harness, type Instance, logger } from '../support/harness.ts';
import { SmtpInbox } from '../support/smtp-inbox.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

const smtp = new SmtpInbox();
let harness: Harness;
let issuer: TestIssuer;
let instancia: Instance;

beforeAll(async () => {
  [harness, issuer] = await Promise.all([Harness.start(), createTestIssuer(), smtp.start()]);
  instancia = await harness.instance(smtp.url, new FixedClock('2026-11-20T13:00:00Z'));
  const { dataSource } = harness.database;
  for (const n of [1, 2])
    await dataSource.query(
      `insert into webhooks (id, dono_id, nome, url, tipos, espacos, assinatura, chave, criado_em, desativado_por)
       values ($1, 'usr_admin', 'Loja', 'https://127.0.0.1:1/', '{RESERVA_CONFIRMADA}', '{}', 'HMAC', '', now(), $2)`,
      [`whk_${n}`, n === 1 ? null : 'PEDIDO'],
    );
  await harness.registrar('cli_ana', 'Ana', 'ana@exemplo.com');
  await dataSource.query(`
    insert into contatos (usuario_id, nome, email, versao, atualizado_em, devolve_desde, devolve_motivo)
    select 'cli_devolve' || n, 'Bia', n || '@exemplo.com', 1, now(), now(), 'bounce' from generate_series(1, 2) as n`);
  await harness.confirmar('res_1', 'cli_ana');
  await harness.confirmar('res_2', 'cli_ana');
  await eventually(async () => expect(await harness.historico('res_2')).toEqual(['CRIADA', 'ENVIADA']));
  await eventually(async () => expect(await harness.historico('res_1')).toEqual(['CRIADA', 'ENVIADA']));
  const entregas = () => dataSource.query('select 1 from webhook_entregas');
  await eventually(async () => expect(await entregas()).toHaveLength(2));
});

afterAll(async () => {
  await instancia?.stop();
  await smtp.stop();
  await issuer?.close();
  await harness?.stop();
});

it('takes only the page tokens that its list gave, for the same filters and caller', async () => {
  const { services, metrics } = instancia;
  const interceptors = createInterceptors({ logger, verifier: createTokenVerifier(issuer), services });
  const common = { host: '127.0.0.1', port: 0, services, interceptors, health: new Health(), logger };
  const grpc = await startGrpcServer({ ...common, reflection: false });
  const http = await startHttpServer({ ...common, metrics });
  const admin = async (sub: string) => `Bearer ${await issuer.token({ sub, papeis: ['ADMIN'] })}`;
  const administradores = { caller: await admin('usr_admin'), other: await admin('usr_admin_2') };
  const failures = await walkPageTokens({
    grpcPort: grpc.port,
    httpPort: http.port,
    services,
    calls: {
      ListarNotificacoes: {
        request: { clienteId: 'cli_ana' },
        otherwise: { clienteId: 'cli_ana', reservaId: 'res_1' },
        ...administradores,
      },
      ListarContatosNaoEntregaveis: { request: {}, ...administradores },
      ListarWebhooks: {
        request: {},
        otherwise: { situacao: 'SITUACAO_WEBHOOK_ATIVO' },
        ...administradores,
      },
      ListarEntregas: {
        request: { webhookId: 'whk_1' },
        otherwise: { webhookId: 'whk_1', situacao: 'SITUACAO_ENTREGA_PENDENTE' },
        ...administradores,
      },
      ObterHistorico: {
        request: { clienteId: 'cli_ana' },
        otherwise: { clienteId: 'cli_bia' },
        caller: await admin('usr_admin'),
        other: await admin('usr_admin_2'),
      },
    },
  });
  expect(failures).toEqual([]);
  await Promise.all([grpc.close(), http.close()]);
});
