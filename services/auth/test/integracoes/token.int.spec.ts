import { describe, expect, it } from '@jest/globals';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { codigosMandados } from '../support/codigos.ts';
import { ADMIN, as, failure } from '../support/use-auth.ts';
import { useChaves } from './use-chaves.ts';

const clock = new FixedClock(new Date(Date.now() - 8 * 60_000).toISOString());
const { auth, rpc, verificada, protegida, criar, eventosDa, pedir, trocar, lista } = useChaves(clock);

const { CLIENTE, GESTOR } = PapelUsuario;

/** A person with a key, and the key. */
async function comChave(pedido: Parameters<typeof criar>[1] = {}) {
  const ana = await verificada();
  return { ana, chave: await criar(ana, pedido) };
}

const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

const GRANT = { grant_type: 'client_credentials' };

describe('a token for a key', () => {
  it('is its owner within its scopes, for ten minutes, and kept by nobody on the way', async () => {
    const { ana, chave } = await comChave();
    const { status, headers, body } = await trocar(chave);
    expect([status, headers.get('cache-control'), headers.get('content-type')]).toEqual([
      ...[200, 'no-store', 'application/json'],
    ]);
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 600,
      scope: 'espacos:ler reservas:ler',
    });
    const token = body.access_token ?? '';
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', typ: 'at+jwt' });
    const claims = decodeJwt(token);
    expect(claims).toMatchObject({ sub: ana.id, tipo: 'chave', papeis: ['CLIENTE'], ger: 1 });
    expect(claims).toMatchObject({ sid: chave.id, client_id: chave.id, scope: body.scope });
    expect(claims).not.toHaveProperty('auth_time');
  });

  it('has fewer scopes when it is asked for fewer, and never others (ASVS 10.4.11)', async () => {
    const { chave } = await comChave();
    expect((await trocar(chave, { scope: 'espacos:ler' })).body.scope).toBe('espacos:ler');
    expect((await trocar(chave, { scope: 'espacos:ler espacos:ler' })).body.scope).toBe('espacos:ler');
    expect((await trocar(chave, { scope: '' })).body.scope).toBe('espacos:ler reservas:ler');
    for (const scope of [
      'reservas:escrever',
      'espacos:ler reservas:escrever',
      'espacos:ler ',
      'admin',
      '*',
    ]) {
      const { status, body } = await trocar(chave, { scope });
      expect([scope, status, body.error]).toEqual([scope, 400, 'invalid_scope']);
    }
  });

  it('is given by HTTP Basic, too, with its parts form-encoded', async () => {
    const { chave } = await comChave();
    const encoded = [...chave.id].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('');
    for (const id of [chave.id, encoded])
      expect((await pedir(GRANT, basic(id, chave.segredo))).status).toBe(200);
    const same = { ...GRANT, client_id: chave.id };
    expect((await pedir(same, basic(chave.id, chave.segredo))).status).toBe(200);
  });

  it('lets in nowhere in auth: no key gets at accounts, keys or what is recorded', async () => {
    const { ana, chave } = await comChave();
    const token = { accessToken: (await trocar(chave)).body.access_token ?? '' };
    const calls = [
      rpc.users.getMe({}, as(token)),
      rpc.auth.listSessions({}, as(token)),
      rpc.audit.listMySecurityEvents({}, as(token)),
      rpc.exports.listExports({}, as(token)),
      rpc.chaves.listarChaves({}, as(token)),
      rpc.chaves.revogarChave({ chaveId: chave.id }, as(token)),
      criar({ quem: ana.quem, session: token }),
    ];
    for (const call of calls) expect((await failure(call)).motivo).toBe('ACESSO_NEGADO');
  });

  it('does not outlive its key', async () => {
    const { chave } = await comChave({ validadeDias: 1 });
    await auth.dataSource.query(`update chaves_api set expira_em = $2 where id = $1`, [
      ...[chave.id, new Date(clock.now().getTime() + 60_000)],
    ]);
    expect((await trocar(chave)).body.expires_in).toBeLessThanOrEqual(60);
  });
});

describe('a request for a token', () => {
  it.each<
    [string, number, string, (id: string, secret: string) => Promise<{ status: number; body: object }>]
  >([
    ['without a grant', 400, 'invalid_request', (id, s) => pedir({ client_id: id, client_secret: s })],
    [
      ...(['with another grant', 400, 'unsupported_grant_type'] as const),
      (id, s) => pedir({ grant_type: 'password', client_id: id, client_secret: s }),
    ],
    ['without a client', 401, 'invalid_client', () => pedir(GRANT)],
    ['without a secret', 401, 'invalid_client', (id) => pedir({ ...GRANT, client_id: id })],
    [
      ...(['with both ways', 400, 'invalid_request'] as const),
      (id, s) => pedir({ ...GRANT, client_id: id, client_secret: s }, basic(id, s)),
    ],
    [
      ...(['with two clients', 400, 'invalid_request'] as const),
      (id, s) => pedir({ ...GRANT, client_id: 'chv_000000000000' }, basic(id, s)),
    ],
    ['with a bearer token', 401, 'invalid_client', (_, s) => pedir(GRANT, { authorization: `Bearer ${s}` })],
    ['with broken Basic', 401, 'invalid_client', () => pedir(GRANT, { authorization: 'Basic ?' })],
    [
      'with Basic without a colon',
      401,
      'invalid_client',
      () => pedir(GRANT, { authorization: 'Basic YQ==' }),
    ],
    ['with a broken encoding', 401, 'invalid_client', (id, s) => pedir(GRANT, basic(`%zz${id}`, s))],
    [
      ...(['with a parameter twice', 400, 'invalid_request'] as const),
      (id, s) => pedir(`grant_type=client_credentials&client_id=${id}&client_secret=${s}&scope=a&scope=b`),
    ],
    [
      ...(['with the secret in the address', 400, 'invalid_request'] as const),
      (id, s) => pedir(GRANT, basic(id, s), `?client_secret=${s}`),
    ],
    [
      ...(['in JSON', 400, 'invalid_request'] as const),
      (id, s) =>
        pedir(JSON.stringify({ ...GRANT, client_id: id, client_secret: s }), {
          'content-type': 'application/json',
        }),
    ],
    [
      ...(['with an identity of another form', 401, 'invalid_client'] as const),
      (id, s) => pedir({ ...GRANT, client_id: `${id}\0`, client_secret: s }),
    ],
    [
      ...(['with a mistyped secret', 401, 'invalid_client'] as const),
      (id, s) =>
        pedir({ ...GRANT, client_id: id, client_secret: `${s.slice(0, -1)}${s.endsWith('0') ? 1 : 0}` }),
    ],
  ])('%s is refused with %i %s', async (_, status, error, ask) => {
    const { chave } = await comChave();
    const answer = await ask(chave.id, chave.segredo);
    expect([answer.status, answer.body]).toEqual([status, { error, error_description: expect.any(String) }]);
  });

  it('that is refused is told how to prove itself, and is kept by nobody', async () => {
    const { headers } = await pedir(GRANT);
    expect(headers.get('www-authenticate')).toBe('Basic realm="reservas"');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('of a megabyte is not read to its end', async () => {
    const response = await fetch(`http://127.0.0.1:${auth.httpPort}/api/v1/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'x'.repeat(1_000_000),
    });
    expect(response.status).toBe(413);
  });

  it('is answered the same for a key that is not there as for another secret (ASVS 10.4.10)', async () => {
    const [a, b] = [await comChave(), await comChave()];
    const wrong = await trocar({ id: a.chave.id, segredo: b.chave.segredo });
    const unknown = await trocar({ id: 'chv_000000000000', segredo: b.chave.segredo });
    expect([wrong.status, wrong.body]).toEqual([unknown.status, unknown.body]);
    expect(wrong.status).toBe(401);
    expect(await eventosDa(a.ana)).toContainEqual(['TOKEN_DE_CHAVE', 'RECUSADO', a.chave.id]);
  });
});

describe('what ends a key', () => {
  it('its revocation: the token that there is is void at once, and there is no other', async () => {
    const { ana, chave } = await comChave();
    const { body } = await trocar(chave);
    await rpc.chaves.revogarChave({ chaveId: chave.id }, as(ana.session));
    const call = rpc.chaves.listarChaves({}, as({ accessToken: body.access_token ?? '' }));
    expect((await failure(call)).motivo).toBe('TOKEN_INVALIDO');
    expect((await trocar(chave)).body).toMatchObject({ error: 'invalid_client' });
  });

  it('its end', async () => {
    const { chave } = await comChave({ validadeDias: 1 });
    await auth.dataSource.query('update chaves_api set expira_em = $2 where id = $1', [
      chave.id,
      clock.now(),
    ]);
    expect((await trocar(chave)).body).toMatchObject({ error: 'invalid_client' });
  });

  it('a rotation: the secret before goes on for a day, the one before that does not', async () => {
    const { ana, chave } = await comChave();
    const call = { chaveId: chave.id, password: ana.quem.password };
    const second = await rpc.chaves.rotacionarChave(call, as(ana.session));
    expect([(await trocar(chave)).status, (await trocar(second)).status]).toEqual([200, 200]);
    const third = await rpc.chaves.rotacionarChave(call, as(ana.session));
    const statuses = async () => {
      const all: number[] = [];
      for (const one of [chave, second, third]) all.push((await trocar(one)).status);
      return all;
    };
    expect(await statuses()).toEqual([401, 200, 200]);
    await auth.dataSource.query('update chaves_api set anterior_ate = $2 where id = $1', [
      chave.id,
      clock.now(),
    ]);
    expect(await statuses()).toEqual([401, 401, 200]);
    expect((await lista(ana))[0]?.anteriorAte).toBeUndefined();
  });

  it('the suspension of its owner, as long as that lasts', async () => {
    const { ana, chave } = await comChave();
    const change = async (ativo: boolean) => {
      const admin = await rpc.auth.login(ADMIN);
      await rpc.users.updateUser({ usuarioId: ana.id, ativo, password: ADMIN.password }, as(admin));
    };
    const accessToken = (await trocar(chave)).body.access_token ?? '';
    await change(false);
    expect((await failure(rpc.chaves.listarChaves({}, as({ accessToken })))).motivo).toBe('TOKEN_INVALIDO');
    expect((await trocar(chave)).body).toMatchObject({ error: 'invalid_client' });
    await change(true);
    expect((await trocar(chave)).status).toBe(200);
  });

  it('the removal of its owner', async () => {
    const { ana, chave } = await comChave();
    const accessToken = (await trocar(chave)).body.access_token ?? '';
    await rpc.users.deleteMe({ password: ana.quem.password }, as(ana.session));
    expect((await failure(rpc.chaves.listarChaves({}, as({ accessToken })))).motivo).toBe('TOKEN_INVALIDO');
    expect((await trocar(chave)).body).toMatchObject({ error: 'invalid_client' });
  });

  it('a new password by mail, where nothing but the old one was proved for it', async () => {
    const { ana, chave } = await comChave();
    const accessToken = (await trocar(chave)).body.access_token ?? '';
    await rpc.auth.forgotPassword({ email: ana.quem.email });
    for (const work of auth.background) while (await work.turn?.());
    const [codigo = ''] = await codigosMandados(auth.dataSource, ana.id);
    await rpc.auth.resetPassword({ codigo, newPassword: 'outra senha bem longa' });
    expect((await trocar(chave)).body).toMatchObject({ error: 'invalid_client' });
    expect((await failure(rpc.chaves.listarChaves({}, as({ accessToken })))).motivo).toBe('TOKEN_INVALIDO');
    expect(await eventosDa(ana)).toContainEqual(['CHAVE_REVOGADA', 'FEITO', chave.id]);
  });

  it('a new password in a session, by whoever knows the old one', async () => {
    const { ana, chave } = await comChave();
    const change = { currentPassword: ana.quem.password, newPassword: 'outra senha bem longa' };
    await rpc.auth.changePassword(change, as(ana.session));
    expect((await trocar(chave)).body).toMatchObject({ error: 'invalid_client' });
    expect(await eventosDa(ana)).toContainEqual(['CHAVE_REVOGADA', 'FEITO', chave.id]);
  });
});

it('a new password by mail leaves keys alone that a second factor was proved for', async () => {
  const eva = await protegida();
  await auth.dataSource.query('update fatores set so_senha = false where usuario_id = $1', [eva.id]);
  const session = await rpc.auth.refresh({ refreshToken: eva.session.refreshToken });
  clock.advance(30_000);
  const chave = await criar({ ...eva, session }, { codigo: eva.app.code() });
  await rpc.auth.forgotPassword({ email: eva.quem.email });
  for (const work of auth.background) while (await work.turn?.());
  const [codigo = ''] = await codigosMandados(auth.dataSource, eva.id);
  await rpc.auth.resetPassword({ codigo, newPassword: 'outra senha bem longa' });
  expect((await trocar(chave)).status).toBe(200);
});

describe('the roles of a key', () => {
  it('are those that its owner had when it was made and has still', async () => {
    const ana = await verificada();
    const give = async (papeis: PapelUsuario[]) => {
      const admin = await rpc.auth.login(ADMIN);
      await rpc.users.updateUser({ usuarioId: ana.id, papeis, password: ADMIN.password }, as(admin));
    };
    const rolesOf = async (chave: Parameters<typeof trocar>[0]) =>
      decodeJwt((await trocar(chave)).body.access_token ?? '').papeis;
    const before = await criar(ana);
    await give([CLIENTE, GESTOR]);
    const after = await criar({ ...ana, session: await rpc.auth.login(ana.quem) });
    expect([await rolesOf(before), await rolesOf(after)]).toEqual([['CLIENTE'], ['CLIENTE', 'GESTOR']]);
    await give([CLIENTE]);
    expect(await rolesOf(after)).toEqual(['CLIENTE']);
  });
});

describe('the use of a key', () => {
  it('is told to its owner: when, from where, and recorded when it comes from elsewhere', async () => {
    const { ana, chave } = await comChave();
    const from = (address: string) =>
      pedir({ ...GRANT, client_id: chave.id, client_secret: chave.segredo }, { 'x-forwarded-for': address });
    for (const address of ['198.51.100.1', '198.51.100.1', '198.51.100.2']) await from(address);
    const [used] = await lista(ana);
    expect([used?.usadoDe, used?.usadoEm !== undefined]).toEqual(['198.51.100.2', true]);
    const recorded = (await eventosDa(ana)).filter(([tipo]) => tipo === 'TOKEN_DE_CHAVE');
    expect(recorded).toHaveLength(2);
  });
});

it('keys that ended a month ago are forgotten, and no others', async () => {
  const { ana, chave } = await comChave();
  const other = await criar(ana);
  await auth.dataSource.query(`update chaves_api set revogado_em = now() - $2::interval where id = $1`, [
    ...[chave.id, '31 days'],
  ]);
  for (const work of auth.background) while (await work.turn?.());
  expect((await lista(ana)).map(({ id }) => id)).toEqual([other.id]);
});
