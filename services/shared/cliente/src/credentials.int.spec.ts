import { create } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AuthService, LoginResponseSchema } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { ReservasService } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { answerJson, refusal, ScriptedPlatform } from '../test/scripted-platform.ts';
import { apiKey } from './api-key.ts';
import type { ErroDaPlataforma } from './erro.ts';
import { Plataforma } from './plataforma.ts';
import { login, Session } from './session.ts';

let platform: ScriptedPlatform;
/** Access tokens that services take; the newest is issued last. */
let good: Set<string>;
/** Refresh tokens that were sent, in their order. */
let refreshed: string[];
let issued: number;
let expiresIn: number;
let mfaRequired: boolean;

const HOLD_MS = 30;

function tokens() {
  issued += 1;
  good.add(`acesso-${issued}`);
  return create(LoginResponseSchema, {
    ...{ accessToken: `acesso-${issued}`, refreshToken: `renovacao-${issued}`, expiresIn },
  });
}

beforeAll(async () => {
  platform = await ScriptedPlatform.start((router) => {
    router.service(AuthService, {
      login: () => (mfaRequired ? { mfaRequired, mfaToken: 'meio' } : tokens()),
      verifyMfa: ({ mfaToken, codigo }) => {
        if (mfaToken !== 'meio' || codigo !== '123456')
          throw refusal(Code.Unauthenticated, 'MFA_CODIGO_INVALIDO');
        return tokens();
      },
      refresh: async ({ refreshToken }) => {
        refreshed.push(refreshToken);
        await new Promise((resolve) => setTimeout(resolve, HOLD_MS));
        if (refreshToken !== `renovacao-${issued}`)
          throw refusal(Code.Unauthenticated, 'TOKEN_RENOVACAO_INVALIDO');
        return tokens();
      },
      logout: () => ({}),
    });
    router.service(ReservasService, {
      obterReserva: (_request, { requestHeader }) => {
        const token = requestHeader.get('authorization')?.replace('Bearer ', '') ?? '';
        if (!good.has(token))
          throw refusal(Code.Unauthenticated, token ? 'TOKEN_INVALIDO' : 'NAO_AUTENTICADO');
        return { id: token };
      },
    });
  });
});
beforeEach(() => {
  good = new Set();
  refreshed = [];
  issued = 0;
  expiresIn = 600;
  mfaRequired = false;
  platform.reset();
});
afterAll(() => platform.stop());

const visitante = () => new Plataforma({ url: platform.url });
const ana = { email: 'ana@exemplo.com.br', password: 'quatro palavras sem sentido' };
const read = async (plataforma: Plataforma) =>
  (await plataforma.client(ReservasService).obterReserva({ reservaId: 'res_1' })).id;
const failure = (call: Promise<unknown>): Promise<ErroDaPlataforma> =>
  call.then(Promise.reject, (error) => error);

describe('a session', () => {
  it('makes calls with its token', async () => {
    const session = await login(visitante(), ana);
    expect(await read(visitante().as(session))).toBe('acesso-1');
  });

  it('is renewed once for all calls that find their token refused, and each of them is made again once', async () => {
    const plataforma = visitante().as(await login(visitante(), ana));
    good.clear();
    expect(await Promise.all([read(plataforma), read(plataforma), read(plataforma)])).toEqual(
      Array(3).fill('acesso-2'),
    );
    expect(refreshed).toEqual(['renovacao-1']);
  });

  it('is renewed before its token ends', async () => {
    expiresIn = 0;
    const plataforma = visitante().as(await login(visitante(), ana));
    expiresIn = 600;
    expect(await read(plataforma)).toBe('acesso-2');
    expect(platform.seen.map(({ path }) => path.split('/')[2])).toEqual(['Login', 'Refresh', 'ObterReserva']);
  });

  it('does not go round in circles where no token is taken', async () => {
    const plataforma = visitante().as(await login(visitante(), ana));
    platform.gateway = (_request, response, { path }) =>
      path.endsWith('ObterReserva') && answerJson(response, 401, { message: 'Unauthorized' });
    expect((await failure(read(plataforma))).code).toBe('unauthenticated');
    expect(platform.seen.filter(({ path }) => path.endsWith('ObterReserva'))).toHaveLength(2);
    expect(refreshed).toHaveLength(1);
  });

  it('is over when its refresh token is refused, and does not ask again', async () => {
    const plataforma = visitante().as(new Session(visitante(), { refreshToken: 'de outro lugar' }));
    expect((await failure(read(plataforma))).reason).toBe('TOKEN_RENOVACAO_INVALIDO');
    expect((await failure(read(plataforma))).reason).toBe('TOKEN_RENOVACAO_INVALIDO');
    expect(refreshed).toHaveLength(1);
  });

  it('tells of each new refresh token, and goes on with it elsewhere', async () => {
    const kept: string[] = [];
    await login(visitante(), ana, (token) => void kept.push(token));
    const later = new Session(visitante(), {
      ...{ refreshToken: kept[0] ?? '', onRefreshToken: (token) => void kept.push(token) },
    });
    expect(await read(visitante().as(later))).toBe('acesso-2');
    expect(kept).toEqual(['renovacao-1', 'renovacao-2']);
  });

  it('does not hold a call longer than it may last', async () => {
    platform.gateway = (_request, _response, { path }) => path.endsWith('Refresh');
    const plataforma = visitante().as(new Session(visitante(), { refreshToken: 'renovacao-0' }));
    const call = plataforma.client(ReservasService).obterReserva({}, { timeoutMs: 50 });
    expect((await failure(call)).code).toBe('deadline_exceeded');
  });

  it('asks for the second factor where the account has one', async () => {
    mfaRequired = true;
    expect((await failure(login(visitante(), ana))).reason).toBe('MFA_CODIGO_NECESSARIO');
    const session = await login(visitante(), { ...ana, codigo: () => '123456' });
    expect(await session.token()).toBe('acesso-1');
  });

  it('is ended, and can be ended again', async () => {
    const session = await login(visitante(), ana);
    await session.end();
    await session.end();
    expect(platform.seen.filter(({ path }) => path.endsWith('Logout'))).toHaveLength(1);
  });
});

describe('an API key', () => {
  const chave = { id: 'chv_1', segredo: 'plat:+ç', escopos: ['reservas:ler', 'reservas:escrever'] };
  const issue: ScriptedPlatform['gateway'] = (_request, response, { path }) =>
    path === '/api/v1/oauth/token' &&
    answerJson(response, 200, {
      access_token: tokens().accessToken,
      token_type: 'Bearer',
      expires_in: expiresIn,
    });

  it('fetches a token by client credentials, once for all calls', async () => {
    platform.gateway = issue;
    const plataforma = visitante().as(apiKey(visitante(), chave));
    expect(await Promise.all([read(plataforma), read(plataforma)])).toEqual(['acesso-1', 'acesso-1']);
    const [asked] = platform.seen;
    expect(asked?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    expect(Object.fromEntries(new URLSearchParams(asked?.body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'reservas:ler reservas:escrever',
    });
    const credentials = Buffer.from(
      `${asked?.headers.authorization}`.replace('Basic ', ''),
      'base64',
    ).toString();
    expect(credentials).toBe('chv_1:plat%3A%2B%C3%A7');
  });

  it('has a token that was refused replaced', async () => {
    platform.gateway = issue;
    const plataforma = visitante().as(apiKey(visitante(), chave));
    await read(plataforma);
    good.clear();
    expect(await read(plataforma)).toBe('acesso-2');
  });

  it('that is refused is told by what OAuth says, and not tried again', async () => {
    platform.gateway = (_request, response) =>
      answerJson(response, 401, { error: 'invalid_client', error_description: 'A chave não vale.' });
    const error = await failure(read(visitante().as(apiKey(visitante(), chave))));
    expect(error).toMatchObject({
      code: 'unauthenticated',
      message: 'A chave não vale.',
      details: { error: 'invalid_client' },
    });
    expect(platform.seen).toHaveLength(1);
  });

  it('is asked for again when the platform was away', async () => {
    platform.gateway = (request, response, seen) =>
      platform.seen.length === 1 ? answerJson(response, 503, {}) : issue(request, response, seen);
    expect(await read(visitante().as(apiKey(visitante(), chave)))).toBe('acesso-1');
  });
});
