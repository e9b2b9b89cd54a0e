import { timestampDate, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Canal,
  ModeloNotificacao,
  StatusNotificacao,
} from '@plataforma/contratos/notificacoes/v1/notificacao_pb';
import { NotificacoesService } from '@plataforma/contratos/notificacoes/v1/notificacoes_service_pb';
import { motivoDe } from '@plataforma/runtime/errors';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { startGrpcServer } from '@plataforma/runtime/grpc-server';
import { Health } from '@plataforma/runtime/health';
import { createInterceptors } from '@plataforma/runtime/interceptors';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import { eventually } from '@plataforma/testing/eventually';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { createTestIssuer, type TestIssuer, type TestTokenOptions } from '@plataforma/testing/test-tokens';
import { Harness, type Instance, logger } from '../support/harness.ts';
import { SmtpInbox } from '../support/smtp-inbox.ts';

describe('NotificacoesService over gRPC', () => {
  let harness: Harness;
  let instancia: Instance;
  let issuer: TestIssuer;
  let server: { port: number; close(): Promise<void> };
  let address: string;
  const smtp = new SmtpInbox();
  const clients: Array<{ close(): void }> = [];

  beforeAll(async () => {
    [harness, issuer] = await Promise.all([Harness.start(), createTestIssuer(), smtp.start()]);
    instancia = await harness.instance(smtp.url, new FixedClock('2026-11-20T13:00:00Z'));
    const { services } = instancia;
    const verifier = createTokenVerifier(issuer);
    server = await startGrpcServer({
      host: '127.0.0.1',
      port: 0,
      services,
      interceptors: createInterceptors({ logger, verifier, services }),
      health: new Health(),
      reflection: false,
      logger,
    });
    address = `127.0.0.1:${server.port}`;
    await semear();
  });

  afterAll(async () => {
    for (const client of clients) client.close();
    await server.close();
    await instancia.stop();
    await smtp.stop();
    await issuer.close();
    await harness.stop();
  });

  /** Five messages for Ana, one for Bia. */
  async function semear(): Promise<void> {
    await harness.registrar('cli_ana', 'Ana', 'ana@exemplo.com');
    await harness.registrar('cli_bia', 'Bia', 'bia@exemplo.com');
    for (const numero of [1, 2, 3, 4, 5]) await harness.confirmar(`res_ana${numero}`, 'cli_ana');
    await harness.confirmar('res_bia1', 'cli_bia');
    await eventually(() => expect(smtp.received).toHaveLength(6));
    await eventually(async () => expect(await harness.historico('res_bia1')).toEqual(['CRIADA', 'ENVIADA']));
    await eventually(async () => expect(await harness.historico('res_ana5')).toEqual(['CRIADA', 'ENVIADA']));
  }

  function as(sub: string, papel: 'CLIENTE' | 'GESTOR' | 'ADMIN' = 'CLIENTE') {
    return asCaller({ sub, papeis: [papel] });
  }

  function asCaller(caller: TestTokenOptions) {
    const headers = async () => ({ authorization: `Bearer ${await issuer.token(caller)}` });
    const client = createGrpcClient(NotificacoesService, { address, timeoutMs: 5_000, headers });
    clients.push(client);
    return client;
  }

  async function failure(call: Promise<unknown>): Promise<[Code, string | undefined]> {
    const error = ConnectError.from(
      await call.then(
        () => new Error('it succeeded'),
        (reason: unknown) => reason,
      ),
    );
    return [error.code, motivoDe(error)];
  }

  it('shows a sent message to its addressee, with the address masked', async () => {
    const { notificacoes } = await as('cli_bia').listarNotificacoes({});
    expect(notificacoes).toHaveLength(1);
    expect(notificacoes[0]).toMatchObject({
      id: expect.stringMatching(/^not_/),
      clienteId: 'cli_bia',
      canal: Canal.EMAIL,
      modelo: ModeloNotificacao.RESERVA_CONFIRMADA,
      assunto: 'Reserva confirmada: Sala Ipê, 24/11/2026 às 14:00',
      destino: 'b***a@exemplo.com',
      status: StatusNotificacao.ENVIADA,
      reservaId: 'res_bia1',
    });
    expect(notificacoes[0]?.enviadoEm).toBeDefined();
  });

  it('never shows them to somebody else, not even by name', async () => {
    for (const papel of ['CLIENTE', 'GESTOR'] as const) {
      const { notificacoes } = await as('cli_bia', papel).listarNotificacoes({ clienteId: 'cli_ana' });
      expect(notificacoes.map(({ clienteId }) => clienteId)).toEqual(['cli_bia']);
    }
    const alheia = await as('cli_bia').listarNotificacoes({ reservaId: 'res_ana1' });
    expect(alheia.notificacoes).toEqual([]);
  });

  it('shows an administrator those of the person named', async () => {
    const { notificacoes } = await as('cli_adm', 'ADMIN').listarNotificacoes({ clienteId: 'cli_ana' });
    expect(notificacoes).toHaveLength(5);
    expect((await as('cli_adm', 'ADMIN').listarNotificacoes({})).notificacoes).toEqual([]);
  });

  it('is for people, not for services', async () => {
    const service = asCaller({ sub: 'reservas', tipo: 'servico' });
    const calls = [
      service.listarNotificacoes({ clienteId: 'cli_ana' }),
      service.obterPreferencias({}),
      service.atualizarPreferencias({}),
    ];
    const refused = [Code.PermissionDenied, 'ACESSO_NEGADO'];
    expect(await Promise.all(calls.map(failure))).toEqual([refused, refused, refused]);
  });

  it('filters by reservation', async () => {
    const { notificacoes } = await as('cli_ana').listarNotificacoes({ reservaId: 'res_ana3' });
    expect(notificacoes.map(({ reservaId }) => reservaId)).toEqual(['res_ana3']);
  });

  it('gives every message once when read page by page', async () => {
    const ana = as('cli_ana');
    const tamanhos: number[] = [];
    const vistas: string[] = [];
    let pageToken = '';
    do {
      const pagina = await ana.listarNotificacoes({ pageSize: 2, pageToken });
      tamanhos.push(pagina.notificacoes.length);
      vistas.push(...pagina.notificacoes.map(({ id }) => id));
      pageToken = pagina.nextPageToken;
    } while (pageToken !== '');
    expect(tamanhos).toEqual([2, 2, 1]);
    expect(new Set(vistas).size).toBe(5);
  });

  it.each([
    'lixo',
    Buffer.from('["cli_ana","",1]').toString('base64url'),
    Buffer.from('{}').toString('base64url'),
  ])('refuses the page token %j', async (pageToken) => {
    expect(await failure(as('cli_ana').listarNotificacoes({ pageToken }))).toEqual([
      Code.InvalidArgument,
      'PAGINA_INVALIDA',
    ]);
  });

  it('refuses a page token of another list', async () => {
    const { nextPageToken } = await as('cli_ana').listarNotificacoes({ pageSize: 2 });
    expect(await failure(as('cli_bia').listarNotificacoes({ pageToken: nextPageToken }))).toEqual([
      Code.InvalidArgument,
      'PAGINA_INVALIDA',
    ]);
  });

  it('refuses callers without a token and pages that are too large', async () => {
    const anonymous = createGrpcClient(NotificacoesService, { address, timeoutMs: 5_000 });
    clients.push(anonymous);
    expect(await failure(anonymous.listarNotificacoes({}))).toEqual([
      Code.Unauthenticated,
      'NAO_AUTENTICADO',
    ]);
    expect(await failure(as('cli_ana').listarNotificacoes({ pageSize: 101 }))).toEqual([
      Code.InvalidArgument,
      'REQUISICAO_INVALIDA',
    ]);
  });

  describe('preferences', () => {
    const preferenciasDe = async (sub: string) => {
      const { $typeName: _, $unknown: __, ...resto } = await as(sub).obterPreferencias({});
      return resto;
    };
    const nada = { email: false, sms: false, push: false, lembretes: false, telefone: '' };
    const iniciais = { email: true, sms: false, push: false, lembretes: true, telefone: '' };

    it('are those of the start while nothing was said', async () => {
      expect(await preferenciasDe('cli_caio')).toMatchObject({ clienteId: 'cli_caio', ...iniciais });
    });

    it('are replaced as a whole, for the caller alone', async () => {
      const dani = as('cli_dani');
      await dani.atualizarPreferencias({
        ...iniciais,
        sms: true,
        telefone: '+5511987654321',
      });
      expect(await preferenciasDe('cli_dani')).toMatchObject({ sms: true, telefone: '+5511987654321' });
      const resposta = await dani.atualizarPreferencias({ ...nada, push: true });
      expect(timestampDate(resposta.atualizadoEm ?? timestampFromMs(0))).toEqual(
        new Date('2026-11-20T13:00:00Z'),
      );
      expect(await preferenciasDe('cli_dani')).toMatchObject({
        email: false,
        sms: false,
        push: true,
        lembretes: false,
        telefone: '',
      });
      expect(await preferenciasDe('cli_caio')).toMatchObject(iniciais);
    });

    it.each(['email', 'sms', 'push', 'lembretes', 'telefone'] as const)(
      'stay as they are when %s is not said: nothing is switched off without a word',
      async (campo) => {
        const { [campo]: _, ...resto } = { ...nada, email: true };
        expect(await failure(as('cli_eva').atualizarPreferencias(resto))).toEqual([
          Code.InvalidArgument,
          'REQUISICAO_INVALIDA',
        ]);
        expect(await failure(as('cli_eva').atualizarPreferencias({}))).toEqual([
          Code.InvalidArgument,
          'REQUISICAO_INVALIDA',
        ]);
        expect(await preferenciasDe('cli_eva')).toMatchObject(iniciais);
      },
    );

    it('refuse text messages without a number, numbers that are none, and strangers', async () => {
      expect(await failure(as('cli_dani').atualizarPreferencias({ ...nada, sms: true }))).toEqual([
        Code.InvalidArgument,
        'TELEFONE_AUSENTE',
      ]);
      expect(await failure(as('cli_dani').atualizarPreferencias({ ...nada, telefone: '11 98765' }))).toEqual([
        Code.InvalidArgument,
        'REQUISICAO_INVALIDA',
      ]);
      const anonymous = createGrpcClient(NotificacoesService, { address, timeoutMs: 5_000 });
      clients.push(anonymous);
      expect(await failure(anonymous.obterPreferencias({}))).toEqual([
        Code.Unauthenticated,
        'NAO_AUTENTICADO',
      ]);
    });
  });
});
