import { type Client, Code, ConnectError, createClient, createRouterTransport } from '@connectrpc/connect';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  SessaoEncerradaSchema,
  UsuarioAtualizadoSchema,
  UsuarioRemovidoSchema,
} from '@plataforma/contratos/auth/v1/eventos_pb';
import { TipoDispositivo } from '@plataforma/contratos/notificacoes/v1/dispositivo_pb';
import { DispositivosService } from '@plataforma/contratos/notificacoes/v1/dispositivos_service_pb';
import { answersOf } from '@plataforma/domain/answers-of';
import { motivoDe } from '@plataforma/runtime/errors';
import { PostgresIdempotencyKeys } from '@plataforma/runtime/idempotency-keys';
import { createInterceptors } from '@plataforma/runtime/interceptors';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import { inTransaction } from '@plataforma/runtime/transaction';
import { eventually } from '@plataforma/testing/eventually';
import { FcmStandIn } from '@plataforma/testing/providers/fcm';
import { WebPushStandIn } from '@plataforma/testing/providers/web-push';
import { createTestIssuer, type TestIssuer, type TestTokenOptions } from '@plataforma/testing/test-tokens';
import { lerContaDeServico } from '../../src/canais/infrastructure/push/conta-de-servico.ts';
import { lerChaveVapid } from '../../src/canais/infrastructure/push/vapid.ts';
import { logger } from '../support/harness.ts';
import { lerMime } from '../support/mime.ts';
import { useTestCase } from '../support/use-test-case.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

const CHAVE = lerChaveVapid('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw');
const FIREFOX = 'Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0';

const testCase = useTestCase();
const fcm = new FcmStandIn();
const servico = new WebPushStandIn();
let issuer: TestIssuer;
let como: (
  token: Partial<TestTokenOptions>,
  cabecalhos?: Record<string, string>,
) => Promise<Client<typeof DispositivosService>>;
let ana: Client<typeof DispositivosService>;

const sql = (text: string, values: unknown[] = []) =>
  testCase.harness.database.dataSource.query(text, values);

beforeAll(async () => {
  [issuer] = await answersOf([createTestIssuer(), fcm.start(), servico.start()]);
});

afterAll(() => Promise.all([issuer?.close(), fcm.stop(), servico.stop()]));

beforeEach(async () => {
  testCase.harness.push = {
    ...{ fcmServiceAccount: lerContaDeServico(fcm.credentials), fcmUrl: fcm.url },
    ...{ vapidPrivateKey: CHAVE, webPushSubject: 'mailto:push@exemplo.com' },
  };
  const { services } = await testCase.start();
  const keys = new PostgresIdempotencyKeys(testCase.harness.database.dataSource);
  const interceptors = createInterceptors({ logger, verifier: createTokenVerifier(issuer), services, keys });
  const transport = createRouterTransport(
    (router) => {
      for (const { methods } of services) for (const { spec } of methods) router.rpc(spec.method, spec.impl);
    },
    { router: { interceptors } },
  );
  como = async (token, cabecalhos = {}) => {
    const claims = {
      sub: testCase.cliente,
      papeis: ['CLIENTE'],
      sid: `ses_${testCase.numero}`,
      ger: 1,
      ...token,
    };
    const authorization = `Bearer ${await issuer.token(claims)}`;
    return createClient(DispositivosService, {
      ...transport,
      unary: (method, signal, timeoutMs, header, input, values) => {
        const todos = { authorization, 'user-agent': FIREFOX, ...cabecalhos };
        const headers = new Headers({ ...todos, ...Object.fromEntries(new Headers(header)) });
        return transport.unary(method, signal, timeoutMs, headers, input, values);
      },
    });
  };
  ana = await como({});
  await testCase.harness.registrar(testCase.cliente, 'Ana', 'ana@exemplo.com');
});

afterEach(() => sql('delete from dispositivos_push'));

const navegador = () => {
  const { endpoint, p256dh, auth } = servico.subscribe(CHAVE.publica);
  return { inscricao: { endpoint, keys: { p256dh, auth } } };
};
const app = (nome: string) => ({ nome, tokenFcm: `tok_${testCase.numero}_${nome}` });
const nomes = async (quem = ana) => (await quem.listarDispositivos({})).dispositivos.map(({ nome }) => nome);

async function recusa(chamada: Promise<unknown>) {
  const error = ConnectError.from(await chamada.catch((reason: unknown) => reason));
  return [error.code, motivoDe(error)];
}

const encerrarSessao = (sessaoId: string) =>
  testCase.harness.publish({
    schema: SessaoEncerradaSchema,
    dados: { sessaoId },
    agregado: { tipo: 'sessao', id: sessaoId, versao: 1 },
  });

const atualizar = (geracaoSessoes: number, ativo = true, versao = geracaoSessoes) =>
  testCase.harness.publish({
    schema: UsuarioAtualizadoSchema,
    dados: {
      ...{ usuarioId: testCase.cliente, nome: 'Ana', email: 'ana@exemplo.com', emailVerificado: true },
      ...{ ativo, geracaoSessoes },
    },
    agregado: { tipo: 'usuario', id: testCase.cliente, versao },
  });

const DIA_MS = 24 * 3_600_000;

describe('a device', () => {
  it('ends with a session that is not used for 30 days, unless it is registered again', async () => {
    await ana.registrarDispositivo(app('Celular'));
    await ana.registrarDispositivo(app('Tablet'));
    testCase.clock.advance(29 * DIA_MS);
    expect((await nomes()).sort()).toEqual(['Celular', 'Tablet']);
    await ana.registrarDispositivo(app('Celular'));
    testCase.clock.advance(DIA_MS);
    expect(await nomes()).toEqual(['Celular']);
  });

  it('ends 90 days after the login, however often it is registered again', async () => {
    const login = testCase.clock.now().getTime() - 80 * DIA_MS;
    const iat = Math.floor(Date.now() / 1_000);
    const claims = { sub: testCase.cliente, papeis: ['CLIENTE'], sid: `ses_${testCase.numero}`, ger: 1 };
    const token = await issuer.sign({ ...claims, iat, exp: iat + 600, auth_time: login / 1_000 });
    const velha = await como({}, { authorization: `Bearer ${token}` });
    await velha.registrarDispositivo(app('Celular'));
    testCase.clock.advance(9 * DIA_MS);
    await velha.registrarDispositivo(app('Celular'));
    expect(await nomes()).toEqual(['Celular']);
    testCase.clock.advance(DIA_MS);
    expect(await nomes()).toEqual([]);
  });

  it('is registered and listed, without what it is reached by', async () => {
    expect((await ana.obterChavePush({})).chavePublica).toBe(CHAVE.publica);
    const pedido = navegador();
    const feito = await ana.registrarDispositivo(pedido);
    expect(feito).toMatchObject({ tipo: TipoDispositivo.WEB_PUSH, nome: 'Firefox no Android' });
    await ana.registrarDispositivo(app('Celular'));
    const { dispositivos } = await ana.listarDispositivos({});
    expect(dispositivos.map(({ tipo, nome }) => [tipo, nome])).toEqual(
      expect.arrayContaining([
        [TipoDispositivo.WEB_PUSH, 'Firefox no Android'],
        [TipoDispositivo.FCM, 'Celular'],
      ]),
    );
    const dito = JSON.stringify(dispositivos, (_, valor) => (typeof valor === 'bigint' ? `${valor}` : valor));
    for (const segredo of [pedido.inscricao.endpoint, pedido.inscricao.keys.auth, 'tok_'])
      expect(dito).not.toContain(segredo);
  });

  it('that is registered again is the same one, with its new name', async () => {
    const antes = await ana.registrarDispositivo(app('Celular'));
    const depois = await ana.registrarDispositivo({ ...app('Celular'), nome: 'Celular da Ana' });
    expect(depois).toEqual({ ...antes, nome: 'Celular da Ana' });
    expect(await nomes()).toEqual(['Celular da Ana']);
  });

  it('is one, and told once, when the same call comes ten times at once', async () => {
    const pedido = navegador();
    const headers = { 'idempotency-key': 'k1' };
    const chamar = async () => {
      for (;;)
        try {
          return (await ana.registrarDispositivo(pedido, { headers })).id;
        } catch (error) {
          if (motivoDe(ConnectError.from(error)) !== 'REQUISICAO_EM_ANDAMENTO') throw error;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
    };
    expect(new Set(await Promise.all(Array.from({ length: 10 }, chamar)))).toHaveProperty('size', 1);
    await eventually(() => expect(testCase.smtp.received).toHaveLength(1));
  });

  it('is told of to its owner by e-mail, and not again when it is registered again', async () => {
    await ana.registrarDispositivo(app('Celular'));
    await eventually(() => expect(testCase.smtp.received).toHaveLength(1));
    const [{ raw } = { raw: '' }] = testCase.smtp.received;
    const carta = JSON.stringify(lerMime(raw));
    expect(carta).toContain('Um dispositivo novo recebe as suas mensagens');
    expect(carta).not.toContain('Celular');
    await ana.registrarDispositivo(app('Celular'));
    const [{ quantas }] = await sql(
      `select count(*)::int as quantas from notificacoes where cliente_id = $1 and modelo = 'AVISO_DE_SEGURANCA'`,
      [testCase.cliente],
    );
    expect(quantas).toBe(1);
  });

  it('of a shared browser is that of who registered it last, and of nobody else', async () => {
    const bia = await como({ sub: `${testCase.cliente}b`, sid: 'ses_bia' });
    const pedido = { ...navegador(), nome: 'Salão' };
    const dela = await ana.registrarDispositivo(pedido);
    const daBia = await bia.registrarDispositivo(pedido);
    expect(daBia.id).not.toBe(dela.id);
    expect([await nomes(), await nomes(bia)]).toEqual([[], ['Salão']]);
  });

  it('is one of ten: the one that was registered longest ago goes', async () => {
    const relogio = testCase.clock;
    for (const n of Array.from({ length: 10 }, (_, i) => i)) {
      relogio.advance(1_000);
      await ana.registrarDispositivo(app(`d${n}`));
    }
    relogio.advance(1_000);
    await ana.registrarDispositivo(app('d0'));
    relogio.advance(24 * 3_600_000);
    await ana.registrarDispositivo(app('novo'));
    expect(await nomes()).toEqual(['novo', 'd0', 'd9', 'd8', 'd7', 'd6', 'd5', 'd4', 'd3', 'd2']);
  });

  it('is one of ten new ones a day, also where the others are gone', async () => {
    for (const n of Array.from({ length: 10 }, (_, i) => i)) {
      const { id } = await ana.registrarDispositivo(app(`d${n}`));
      if (n < 9) await ana.removerDispositivo({ dispositivoId: id });
    }
    expect(await recusa(ana.registrarDispositivo(app('mais')))).toEqual([
      Code.ResourceExhausted,
      'LIMITE_DE_DISPOSITIVOS',
    ]);
    // One that is known is not new.
    await ana.registrarDispositivo(app('d9'));
    testCase.clock.advance(24 * 3_600_000 + 1);
    await ana.registrarDispositivo(app('mais'));
    expect(await nomes()).toEqual(['mais', 'd9']);
  });

  it('is ended by its owner alone', async () => {
    const bia = await como({ sub: `${testCase.cliente}b` });
    const { id: dispositivoId } = await ana.registrarDispositivo(app('Celular'));
    const nada = [Code.NotFound, 'DISPOSITIVO_NAO_ENCONTRADO'];
    expect(await recusa(bia.removerDispositivo({ dispositivoId }))).toEqual(nada);
    await ana.removerDispositivo({ dispositivoId });
    expect(await recusa(ana.removerDispositivo({ dispositivoId }))).toEqual(nada);
    expect(await nomes()).toEqual([]);
  });
});

describe('what nothing could be sent to is refused', () => {
  const chaves = () => navegador().inscricao.keys;
  const com = (endpoint: string) => ({ inscricao: { endpoint, keys: chaves() } });

  it.each<[string, () => object]>([
    ['neither', () => ({})],
    ['both', () => ({ ...navegador(), tokenFcm: 'tok' })],
    ['an address of nobody we know', () => com('https://push.exemplo.com/x')],
    ['an address inside', () => com('https://10.0.0.1/x')],
    ['metadata of clouds', () => com('https://169.254.169.254/latest/meta-data')],
    ['plain http', () => com('http://fcm.googleapis.com/fcm/send/x')],
    ['a name that only begins like one we know', () => com('https://fcm.googleapis.com.exemplo.com/x')],
    ['a user before another host', () => com('https://fcm.googleapis.com@exemplo.com/x')],
    [
      'a point beside the curve',
      () => {
        const p256dh = Buffer.from(chaves().p256dh, 'base64url');
        p256dh[64] = (p256dh[64] ?? 0) ^ 1;
        const { inscricao } = navegador();
        return {
          inscricao: { ...inscricao, keys: { ...inscricao.keys, p256dh: p256dh.toString('base64url') } },
        };
      },
    ],
    [
      'a secret that is too short',
      () => {
        const { inscricao } = navegador();
        return { inscricao: { ...inscricao, keys: { ...inscricao.keys, auth: 'AAAA' } } };
      },
    ],
    [
      'a subscription of another key',
      () => ({ inscricao: { ...navegador().inscricao, chavePublica: 'BAAA' } }),
    ],
  ])('%s', async (_, pedido) => {
    expect(await recusa(ana.registrarDispositivo(pedido()))).toEqual([
      Code.InvalidArgument,
      'INSCRICAO_PUSH_INVALIDA',
    ]);
  });

  it.each<[string, object]>([
    ['a token of more than 4 kB', { tokenFcm: 'x'.repeat(4_097) }],
    ['a token with blanks', { tokenFcm: 'a b' }],
    ['a name of 10 kB', { tokenFcm: 'x', nome: '🏢'.repeat(10_000) }],
    ['a name that turns round what is beside it', { tokenFcm: 'x', nome: '\u202Egnol' }],
  ])('by its form: %s', async (_, pedido) => {
    expect(await recusa(ana.registrarDispositivo(pedido))).toEqual([
      Code.InvalidArgument,
      'REQUISICAO_INVALIDA',
    ]);
  });

  it('while a token of 4 kB and a name of emoji and Arabic are taken', async () => {
    const feito = await ana.registrarDispositivo({ tokenFcm: 'x'.repeat(4_096), nome: '📱 هاتف' });
    expect(feito.nome).toBe('📱 هاتف');
  });

  it('what the platform does not send by', async () => {
    testCase.harness.push = {};
    await testCase.start().then(({ services }) => {
      const transport = createRouterTransport((router) => {
        for (const { methods } of services)
          for (const { spec } of methods) router.rpc(spec.method, spec.impl);
      });
      ana = createClient(DispositivosService, transport);
    });
    expect(await recusa(ana.obterChavePush({}))).toEqual([Code.FailedPrecondition, 'PUSH_NAO_OFERECIDO']);
  });
});

describe('a device ends', () => {
  const acabou = () => eventually(async () => expect(await nomes()).toEqual([]));

  it('with the session that registered it, and no other', async () => {
    const outra = await como({ sid: 'ses_outra' });
    await outra.registrarDispositivo(app('Outra'));
    await ana.registrarDispositivo(app('Celular'));
    await encerrarSessao(`ses_${testCase.numero}`);
    await eventually(async () => expect(await nomes()).toEqual(['Outra']));
  });

  it('with all sessions of its owner, which a new password ends', async () => {
    const nova = await como({ sid: 'ses_nova', ger: 2 });
    await ana.registrarDispositivo(app('Antes'));
    await atualizar(2);
    await acabou();
    await nova.registrarDispositivo(app('Depois'));
    const marca = await como({ sid: `ses_marca_${testCase.numero}`, ger: 2 });
    await marca.registrarDispositivo(app('Marca'));
    await atualizar(2, true, 3);
    await encerrarSessao(`ses_marca_${testCase.numero}`);
    await eventually(async () => expect(await nomes()).not.toContain('Marca'));
    expect(await nomes()).toEqual(['Depois']);
  });

  it('with the suspension of the account', async () => {
    await ana.registrarDispositivo(app('Celular'));
    await atualizar(1, false, 2);
    await acabou();
  });

  it('with the account, which is told what was erased', async () => {
    await ana.registrarDispositivo(app('Celular'));
    await testCase.harness.publish({
      schema: UsuarioRemovidoSchema,
      dados: { usuarioId: testCase.cliente },
      agregado: { tipo: 'usuario', id: testCase.cliente, versao: 2 },
    });
    await acabou();
    const [{ itens }] = await sql('select itens from remocoes where usuario_id = $1', [testCase.cliente]);
    expect(itens).toContainEqual({ dados: 'DISPOSITIVOS', acao: 'APAGADO', quantidade: 1, motivo: '' });
    expect(await recusa(ana.registrarDispositivo(app('Celular')))).toEqual([
      Code.Unauthenticated,
      'SESSAO_ENCERRADA',
    ]);
  });

  it('and none is registered by a session that has ended, however late that is heard of', async () => {
    await encerrarSessao(`ses_${testCase.numero}`);
    await atualizar(2);
    await eventually(async () => {
      const ditas: unknown[] = await sql(
        `select usuario_id from sessoes_encerradas where usuario_id = $1
         union all select sessao_id from sessoes_revogadas where sessao_id = $2`,
        [testCase.cliente, `ses_${testCase.numero}`],
      );
      expect(ditas).toHaveLength(2);
    });
    const encerrada = [Code.Unauthenticated, 'SESSAO_ENCERRADA'];
    expect(await recusa(ana.registrarDispositivo(app('Celular')))).toEqual(encerrada);
    const antes = await como({ sid: 'ses_outra', ger: 1 });
    expect(await recusa(antes.registrarDispositivo(app('Celular')))).toEqual(encerrada);
  });

  it('while it is being registered: the end waits for that, and finds it', async () => {
    await inTransaction(testCase.harness.database.dataSource, async (tx) => {
      // As a registration that is under way.
      await tx.query(`select pg_advisory_xact_lock(hashtextextended('dispositivos:' || $1, 0))`, [
        testCase.cliente,
      ]);
      await atualizar(2);
      await tx.query(
        `insert into dispositivos_push (id, cliente_id, tipo, nome, impressao, token, geracao, sessao_id, criado_em, registrado_em)
         values ('dsp_x', $1, 'FCM', 'Ladrão', sha256('x'), 'tok_x', 1, 'ses_x', now(), now())`,
        [testCase.cliente],
      );
    });
    await acabou();
  });
});
