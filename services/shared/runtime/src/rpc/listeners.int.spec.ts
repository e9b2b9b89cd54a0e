import { type Client, Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EcoService } from '../../test/eco-service.ts';
import { failureOf } from '../../test/failure-of.ts';
import { bearer, type Listeners, startListeners } from '../../test/listeners.ts';
import { rpcError } from '../errors/errors.ts';
import { requestIdOf } from './call-context.ts';
import { principalOf } from './principal.ts';

let listeners: Listeners;

beforeAll(async () => {
  listeners = await startListeners({
    impl: {
      ler({ value }, context) {
        if (value === 'ocupado') {
          const error = rpcError(
            Code.AlreadyExists,
            'ESPACO_INDISPONIVEL',
            'Já há reserva: das 9h às 10h, ação 100%.',
            {
              espacoId: 'esp_1',
            },
          );
          error.metadata.set('x-extra', 'sim');
          throw error;
        }
        if (value === 'prolixo') {
          const longo = 'não há vaga 🗓️; '.repeat(5_000);
          throw rpcError(Code.FailedPrecondition, 'SERIE_COM_RECUSAS', longo, {
            parte: 'RRULE',
            datas: longo,
          });
        }
        if (value === 'biblioteca') throw new ConnectError('x'.repeat(100_000), Code.InvalidArgument);
        if (value === 'defeito')
          throw Object.assign(new Error('insert failed'), { parameters: ['segredo123'] });
        if (value === 'banco')
          throw Object.assign(new Error('connect ECONNREFUSED 10.0.0.7'), { code: 'ECONNREFUSED' });
        context.responseHeader.set('x-http-code', '201');
        return { value: `${value} ${requestIdOf(context)}` };
      },
      gravar: (_, context) => {
        const { id, tipo, papeis, nome, email, sessaoId } = principalOf(context);
        return { value: JSON.stringify({ id, tipo, papeis, nome, email, sessaoId }) };
      },
    },
  });
});

afterAll(() => listeners.close());

describe.each(['grpc', 'http'] as const)('the %s listener', (which) => {
  const client = (): Client<typeof EcoService> => listeners[which];

  it('answers with the headers of the handler and the request id when a call succeeds', async () => {
    let header = new Headers();
    const reply = await client().ler(
      { value: 'olá' },
      { headers: { 'x-request-id': 'req-42' }, onHeader: (received) => (header = received) },
    );
    expect(reply.value).toBe('olá req-42');
    expect(header.get('x-http-code')).toBe('201');
    expect(header.get('x-request-id')).toBe('req-42');
  });

  it('says with every answer of a deprecated method since when it is, and when it goes', async () => {
    const told = (headers: Headers) => [headers.get('deprecation'), headers.get('sunset')];
    const days = ['@1803859200', 'Wed, 01 Sep 2027 00:00:00 GMT'];
    let header = new Headers();
    await client().antigo({ value: 'olá' }, { onHeader: (received) => (header = received) });
    expect(told(header)).toEqual(days);
    const failure = await failureOf(client().antigo({ value: '' }));
    expect(told(failure.header)).toEqual(days);
    await client().ler({ value: 'olá' }, { onHeader: (received) => (header = received) });
    expect(told(header)).toEqual([null, null]);
  });

  it('carries code, message, details and metadata of a business error', async () => {
    const { header, ...failure } = await failureOf(
      client().ler({ value: 'ocupado' }, { headers: { 'x-request-id': 'r1' } }),
    );
    expect(failure).toEqual({
      code: 'AlreadyExists',
      message: 'Já há reserva: das 9h às 10h, ação 100%.',
      motivo: 'ESPACO_INDISPONIVEL',
      infos: [
        { reason: 'ESPACO_INDISPONIVEL', domain: 'plataforma.reservas', metadata: { espacoId: 'esp_1' } },
      ],
      facts: { espacoId: 'esp_1' },
      requestId: 'r1',
      details: ['google.rpc.ErrorInfo', 'google.rpc.RequestInfo'],
    });
    expect(header.get('x-request-id')).toBe('r1');
    expect(header.get('x-extra')).toBe('sim');
  });

  it('tells of an error that has more to say than headers hold, and of what it leaves out', async () => {
    const { message, infos, ...failure } = await failureOf(client().ler({ value: 'prolixo' }));
    expect(failure).toMatchObject({ code: 'FailedPrecondition', motivo: 'SERIE_COM_RECUSAS' });
    expect([...message].length).toBeLessThanOrEqual(1_000);
    expect(message).toMatch(/^não há vaga 🗓️; .*…$/su);
    expect(infos[0]?.metadata).toEqual({ parte: 'RRULE' });
    expect(failure.facts).toEqual({ parte: 'RRULE', omitidos: ['datas'] });
    const foreign = await failureOf(client().ler({ value: 'biblioteca' }));
    expect(foreign).toMatchObject({ code: 'InvalidArgument', motivo: 'REQUISICAO_INVALIDA' });
    expect(foreign.message).toHaveLength(1_000);
  });

  it('answers a neutral INTERNAL and logs the stack when a handler fails unexpectedly', async () => {
    const failure = await failureOf(
      client().ler({ value: 'defeito' }, { headers: { 'x-request-id': `bug-${which}` } }),
    );
    expect(failure).toMatchObject({ code: 'Internal', motivo: 'ERRO_INTERNO' });
    expect(JSON.stringify(failure)).not.toContain('segredo123');
    expect(JSON.stringify(listeners.logs)).not.toContain('segredo123');
    const logged = listeners.logs.find((line) => line.err !== undefined && line.requestId === `bug-${which}`);
    expect(logged).toMatchObject({
      level: 'error',
      rpc: 'teste.v1.EcoService/Ler',
      err: { stack: expect.any(String) },
    });
  });

  it('answers UNAVAILABLE when a dependency cannot be reached', async () => {
    const failure = await failureOf(client().ler({ value: 'banco' }));
    expect(failure).toMatchObject({ code: 'Unavailable', motivo: 'SERVICO_INDISPONIVEL' });
    expect(failure.message).not.toContain('10.0.0.7');
  });

  it('refuses a request that breaks a rule and names the fields', async () => {
    const failure = await failureOf(client().entrar({ email: 'não-é-email', password: '' }));
    expect(failure).toMatchObject({
      code: 'InvalidArgument',
      motivo: 'REQUISICAO_INVALIDA',
      details: [
        'google.rpc.ErrorInfo',
        'google.rpc.RequestInfo',
        'google.protobuf.Struct',
        'buf.validate.Violations',
      ],
      facts: {
        campos: [
          { campo: 'email', problema: 'deve ser um e-mail válido' },
          { campo: 'password', problema: expect.any(String) },
        ],
      },
    });
    expect(failure.message).toContain('email deve ser um e-mail válido');
  });

  it('refuses a request over 1 MiB', async () => {
    const failure = await failureOf(client().ler({ value: 'a'.repeat(1024 * 1024 + 1) }));
    expect(failure).toMatchObject({ code: 'ResourceExhausted' });
  });

  it('knows the caller from the token', async () => {
    const token = await listeners.issuer.token({
      sub: 'cli_1',
      papeis: ['CLIENTE', 'DESCONHECIDO'],
      nome: 'Ana',
      email: 'ana@exemplo.com',
      sid: 's1',
    });
    const reply = await client().gravar({ value: '' }, bearer(token));
    expect(JSON.parse(reply.value)).toEqual({
      id: 'cli_1',
      tipo: 'USUARIO',
      papeis: ['CLIENTE'],
      nome: 'Ana',
      email: 'ana@exemplo.com',
      sessaoId: 's1',
    });
  });

  it.each([
    ['is missing', undefined, 'NAO_AUTENTICADO'],
    ['is not a token', { headers: { authorization: 'Bearer abc' } }, 'TOKEN_INVALIDO'],
    ['is not a bearer token', { headers: { authorization: 'Basic YTpi' } }, 'TOKEN_INVALIDO'],
  ])('answers UNAUTHENTICATED when the token %s', async (_, options, motivo) => {
    expect(await failureOf(client().gravar({ value: '' }, options))).toMatchObject({
      code: 'Unauthenticated',
      motivo,
    });
  });

  it.each([
    ['has expired', { expiresInSeconds: -60 }],
    ['was signed by somebody else', { forged: true }],
    ['is meant for another audience', { audience: 'outra' }],
    ['comes from another issuer', { issuer: 'https://mallory.test' }],
    ['is of another type', { typ: 'JWT' }],
  ])('answers UNAUTHENTICATED when the token %s', async (_, wrong) => {
    const token = await listeners.issuer.token({ sub: 'cli_1', papeis: ['CLIENTE'], ...wrong });
    expect(await failureOf(client().gravar({ value: '' }, bearer(token)))).toMatchObject({
      code: 'Unauthenticated',
      motivo: 'TOKEN_INVALIDO',
    });
  });

  it.each([
    ['an administrator', { sub: 'usr_1', papeis: ['ADMIN'] }, 'ok'],
    ['a service that is named', { sub: 'reservas', tipo: 'servico' as const }, 'ok'],
    ['a customer', { sub: 'cli_1', papeis: ['CLIENTE'] }, 'ACESSO_NEGADO'],
    ['a service that is not named', { sub: 'pagamentos', tipo: 'servico' as const }, 'ACESSO_NEGADO'],
    ['a user called like a service', { sub: 'reservas', papeis: ['CLIENTE'] }, 'ACESSO_NEGADO'],
  ])('applies the access rule to %s', async (_, who, expected) => {
    const call = client().administrar({ value: 'x' }, bearer(await listeners.issuer.token(who)));
    if (expected === 'ok') expect((await call).value).toBe('x');
    else expect(await failureOf(call)).toMatchObject({ code: 'PermissionDenied', motivo: expected });
  });

  it('refuses services on methods open to any user', async () => {
    const token = await listeners.issuer.token({ sub: 'reservas', tipo: 'servico' });
    expect(await failureOf(client().gravar({ value: '' }, bearer(token)))).toMatchObject({
      code: 'PermissionDenied',
    });
  });

  it('logs one line per call with code, time and caller, and no token', async () => {
    const token = await listeners.issuer.token({ sub: 'cli_9' });
    await client().gravar({ value: 'conteúdo privado' }, bearer(token, { 'x-request-id': `log-${which}` }));
    const lines = listeners.logs.filter((line) => line.requestId === `log-${which}`);
    expect(lines).toEqual([
      expect.objectContaining({
        rpc: 'teste.v1.EcoService/Gravar',
        code: 'ok',
        callerId: 'cli_9',
        ms: expect.any(Number),
      }),
    ]);
    expect(JSON.stringify(listeners.logs)).not.toContain(token);
    expect(JSON.stringify(listeners.logs)).not.toContain('conteúdo privado');
  });

  it('logs a call that is refused, with who it was (ASVS 16.3.2)', async () => {
    const token = await listeners.issuer.token({ sub: 'cli_9', papeis: ['CLIENTE'] });
    const headers = bearer(token, { 'x-request-id': `refused-${which}` });
    expect(await failureOf(client().administrar({ value: 'x' }, headers))).toMatchObject({
      motivo: 'ACESSO_NEGADO',
    });
    expect(listeners.logs.filter((line) => line.requestId === `refused-${which}`)).toEqual([
      expect.objectContaining({
        rpc: 'teste.v1.EcoService/Administrar',
        code: 'permission_denied',
        callerId: 'cli_9',
      }),
    ]);
  });
});
