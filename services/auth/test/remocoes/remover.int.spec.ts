import { randomUUID } from 'node:crypto';
import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { STEP_MS, useMfa } from '../mfa/use-mfa.ts';
import { contasDo, eventosDe, verificar } from '../support/enderecos.ts';
import { ADMIN, as, failure, pessoa } from '../support/use-auth.ts';

const clock = new FixedClock(new Date(Date.now() - 8 * 60_000).toISOString());
const { auth, rpc, protegida } = useMfa(clock);

async function sessao() {
  const quem = pessoa();
  const { id } = await rpc.auth.signup(quem);
  await verificar({ auth, rpc }, id);
  return { ...quem, id, aqui: await rpc.auth.login(quem) };
}

const { password } = ADMIN;
const asAdmin = async () => as(await rpc.auth.login(ADMIN));

const remover = (
  { aqui, password }: { aqui: { accessToken: string }; password: string },
  codigo = '',
  headers: Record<string, string> = {},
) => rpc.users.deleteMe({ password, codigo }, { headers: { ...as(aqui).headers, ...headers } });

/** Rows of every table in which one of the texts stands, as JSON. */
async function ondeEsta(...textos: string[]): Promise<string[]> {
  const tabelas: { nome: string }[] = await auth.dataSource.query(
    `select table_name as nome from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const achadas: string[] = [];
  for (const { nome } of tabelas)
    for (const texto of textos) {
      const [{ n }] = await auth.dataSource.query(
        `select count(*)::int as n from "${nome}" t where strpos(lower(to_jsonb(t)::text), lower($1)) > 0`,
        [texto],
      );
      if (n > 0) achadas.push(nome);
    }
  return achadas;
}

describe('an owner who leaves', () => {
  it('takes name, address and all ways in along, and leaves a stone with the id (ASVS 8.3.2)', async () => {
    const quem = await sessao();
    await rpc.auth.forgotPassword({ email: quem.email });
    const { protocolo } = await remover(quem);
    expect(protocolo).toMatch(/^[\w-]{32}$/);
    expect(await ondeEsta(quem.email)).toEqual([]);
    const [conta] = await auth.dataSource.query('select * from usuarios where id = $1', [quem.id]);
    expect(conta).toMatchObject({ nome: 'Conta removida', email: 'removida@invalid', senha_hash: null });
    const [admin, unknown] = [await asAdmin(), { code: Code.NotFound, motivo: 'USUARIO_NAO_ENCONTRADO' }];
    expect(await failure(rpc.users.getUser({ usuarioId: quem.id }, admin))).toEqual(unknown);
    expect(await failure(rpc.users.updateUser({ usuarioId: quem.id, ativo: true }, admin))).toEqual(unknown);
  });

  it('ends every session at once, and is told to the other services once', async () => {
    const quem = await sessao();
    const outra = await rpc.auth.login(quem);
    const [antes] = await auth.dataSource.query('select versao from usuarios where id = $1', [quem.id]);
    const { protocolo } = await remover(quem);
    for (const session of [quem.aqui, outra]) {
      expect((await failure(rpc.users.getMe({}, as(session)))).motivo).toBe('TOKEN_INVALIDO');
      expect((await failure(rpc.auth.refresh({ refreshToken: session.refreshToken }))).motivo).toBe(
        'TOKEN_RENOVACAO_INVALIDO',
      );
    }
    expect((await failure(rpc.auth.login(quem))).motivo).toBe('CREDENCIAIS_INVALIDAS');
    expect(await eventosDe(auth, 'auth.v1.', quem.id)).toEqual([
      expect.objectContaining({
        assunto: 'auth.v1.UsuarioRemovido',
        payload: expect.objectContaining({ usuarioId: quem.id, protocolo }),
      }),
    ]);
    // By the version consumers tell whether they know the last state of the account.
    const versao = `select agregado_versao as versao from outbox where agregado_id = $1 and assunto = 'auth.v1.UsuarioRemovido'`;
    expect(await auth.dataSource.query(versao, [quem.id])).toEqual([{ versao: antes.versao + 1 }]);
    const [ended] = await auth.dataSource.query(
      'select geracao from sessoes_encerradas where usuario_id = $1',
      [quem.id],
    );
    expect(ended).toEqual({ geracao: 2 ** 31 - 1 });
  });

  it('leaves the address to whoever signs up with it next, as a new account with a new id', async () => {
    const quem = await sessao();
    await remover(quem);
    const { id } = await rpc.auth.signup(quem);
    await verificar({ auth, rpc }, id);
    expect(id).not.toBe(quem.id);
    expect((await rpc.users.getMe({}, as(await rpc.auth.login(quem)))).id).toBe(id);
    expect(await contasDo(auth, quem.email)).toEqual([{ id, verificada: true, substituida: false }]);
  });

  it('says the password once more, and lets nobody guess it with a copied token (ASVS 7.5.1)', async () => {
    const quem = await sessao();
    const tentar = () => failure(remover({ ...quem, password: 'errada' }));
    for (let turn = 0; turn < 5; turn++) expect((await tentar()).motivo).toBe('CREDENCIAIS_INVALIDAS');
    expect(await tentar()).toEqual({ code: Code.ResourceExhausted, motivo: 'MUITAS_TENTATIVAS' });
    expect((await rpc.users.getMe({}, as(quem.aqui))).id).toBe(quem.id);
    const anonimo = rpc.users.deleteMe({ password: quem.password });
    expect((await failure(anonimo)).code).toBe(Code.Unauthenticated);
  });

  it('gives a code where there is a second factor, which goes, too', async () => {
    const { quem, id, session, app } = await protegida();
    const aqui = await rpc.auth.refresh({ refreshToken: session.refreshToken });
    expect((await failure(remover({ ...quem, aqui }))).motivo).toBe('MFA_CODIGO_NECESSARIO');
    expect((await failure(remover({ ...quem, aqui }, '000000'))).motivo).toBe('MFA_CODIGO_INVALIDO');
    clock.advance(STEP_MS);
    await remover({ ...quem, aqui }, app.code());
    for (const tabela of ['fatores', 'codigos_recuperacao'])
      expect(await auth.dataSource.query(`select 1 from ${tabela} where usuario_id = $1`, [id])).toEqual([]);
  });

  it('has logged in just now where there is neither password nor second factor', async () => {
    const quem = await sessao();
    const vinculo = `insert into vinculos (emissor, sujeito, usuario_id, criado_em) values ('https://i.test', $1, $1, now())`;
    await auth.dataSource.query(vinculo, [quem.id]);
    await auth.dataSource.query('update usuarios set senha_hash = null where id = $1', [quem.id]);
    clock.advance(11 * 60_000);
    const velha = { ...quem, password: '' };
    expect(await failure(remover(velha))).toEqual({
      code: Code.Unauthenticated,
      motivo: 'LOGIN_RECENTE_NECESSARIO',
    });
    clock.advance(-11 * 60_000);
    await remover(velha);
    expect(await auth.dataSource.query('select 1 from vinculos where usuario_id = $1', [quem.id])).toEqual(
      [],
    );
  });

  it('happens once when two calls come at the same time, under one key answered alike', async () => {
    const quem = await sessao();
    const calls = [remover(quem), remover(quem), remover(quem)];
    const told = await Promise.allSettled(calls);
    expect(told.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    // The account that they were about is gone: nothing was wrong with the password.
    for (const [n, { status }] of told.entries())
      if (status === 'rejected')
        expect(await failure(calls[n] as Promise<unknown>)).toEqual({
          ...{ code: Code.Unauthenticated, motivo: 'TOKEN_INVALIDO' },
        });
    const outra = await sessao();
    const key = { 'idempotency-key': randomUUID() };
    await Promise.allSettled([remover(outra, '', key), remover(outra, '', key)]);
    for (const { id } of [quem, outra])
      expect(await eventosDe(auth, 'auth.v1.UsuarioRemovido', id)).toHaveLength(1);
  });
});

describe('an administrator', () => {
  it('removes the account of somebody else, twice without harm, and that is recorded (ASVS 16.2.1)', async () => {
    const [quem, admin] = [await sessao(), await asAdmin()];
    const primeira = await rpc.users.deleteUser({ usuarioId: quem.id, password }, admin);
    expect(await rpc.users.deleteUser({ usuarioId: quem.id, password }, admin)).toEqual(primeira);
    const { id: autorId } = await rpc.users.getMe({}, admin);
    expect(
      await auth.dataSource.query(
        `select autor_id, resultado from eventos_seguranca where tipo = 'CONTA_REMOVIDA' and usuario_id = $1`,
        [quem.id],
      ),
    ).toEqual([{ autor_id: autorId, resultado: 'FEITO' }]);
    expect(await eventosDe(auth, 'auth.v1.UsuarioRemovido', quem.id)).toHaveLength(1);
  });

  it('removes no account that never was, and not their own', async () => {
    const admin = await asAdmin();
    const { id } = await rpc.users.getMe({}, admin);
    expect((await failure(rpc.users.deleteUser({ usuarioId: 'cli_x', password }, admin))).motivo).toBe(
      'USUARIO_NAO_ENCONTRADO',
    );
    expect((await failure(rpc.users.deleteUser({ usuarioId: id, password }, admin))).motivo).toBe(
      'ACESSO_NEGADO',
    );
    const quem = await sessao();
    expect((await failure(rpc.users.deleteUser({ usuarioId: id, password }, as(quem.aqui)))).motivo).toBe(
      'ACESSO_NEGADO',
    );
  });

  it('is never the last one to go, whoever goes at once', async () => {
    const [aqui, quem] = [await rpc.auth.login(ADMIN), await sessao()];
    const ultimo = { code: Code.FailedPrecondition, motivo: 'ULTIMO_ADMIN' };
    expect(await failure(remover({ aqui, password: ADMIN.password }))).toEqual(ultimo);
    await rpc.users.updateUser({ usuarioId: quem.id, papeis: [PapelUsuario.ADMIN], password }, as(aqui));
    const outro = await rpc.auth.login(quem);
    const ambos = await Promise.allSettled([
      rpc.users.deleteUser({ usuarioId: quem.id, password }, as(aqui)),
      remover({ aqui: outro, password: quem.password }),
      remover({ aqui, password: ADMIN.password }),
    ]);
    expect(ambos.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [{ admins }] = await auth.dataSource.query(
      `select count(*)::int as admins from usuarios where ativo and 'ADMIN' = any (papeis)`,
    );
    expect(admins).toBe(1);
  });
});

describe('an account that is gone', () => {
  it.each([
    [
      'fatores',
      `(id, usuario_id, tipo, segredo_cifrado, criado_em, falhas) values (gen_random_uuid(), $1, 'TOTP', '\\x00', now(), 0)`,
    ],
    ['vinculos', `(emissor, sujeito, usuario_id, criado_em) values ('https://i.test', 'outro', $1, now())`],
  ])('gets no row of %s any more', async (tabela, valores) => {
    const quem = await sessao();
    await remover(quem);
    await expect(auth.dataSource.query(`insert into ${tabela} ${valores}`, [quem.id])).rejects.toThrow(
      /is gone/,
    );
  });

  it('keeps no name, whoever writes', async () => {
    const quem = await sessao();
    await remover(quem);
    await expect(
      auth.dataSource.query(`update usuarios set nome = 'Ana' where id = $1`, [quem.id]),
    ).rejects.toThrow(/usuarios_removida/);
  });
});
