import { randomUUID } from 'node:crypto';
import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { publicados } from '../support/codigos.ts';
import { as, failure, pessoa, useAuth } from '../support/use-auth.ts';

const NOVA = 'outra senha bem melhor';
const clock = new FixedClock(new Date(Date.now() - 4 * 60_000).toISOString());
const { auth, rpc } = useAuth({ clock });

async function sessao() {
  const quem = pessoa();
  const { id } = await rpc.auth.signup(quem);
  return { ...quem, id, aqui: await rpc.auth.login(quem) };
}

const trocar = (
  { aqui, password }: { aqui: { accessToken: string }; password: string },
  newPassword = NOVA,
  headers: Record<string, string> = {},
) =>
  rpc.auth.changePassword(
    { currentPassword: password, newPassword },
    { headers: { ...as(aqui).headers, ...headers } },
  );

describe('a change of password', () => {
  it('lets in with the new one only', async () => {
    const quem = await sessao();
    await trocar(quem);
    expect((await rpc.auth.login({ email: quem.email, password: NOVA })).accessToken).not.toBe('');
    expect((await failure(rpc.auth.login(quem))).motivo).toBe('CREDENCIAIS_INVALIDAS');
  });

  it('is asked of nobody: a password is good for years (ASVS 6.2.10)', async () => {
    const quem = await sessao();
    await auth.dataSource.query(
      `update usuarios set criado_em = criado_em - interval '10 years' where id = $1`,
      [quem.id],
    );
    expect(await rpc.auth.login(quem)).toMatchObject({ mfaRequired: false, tokenType: 'Bearer' });
  });

  it('ends the other sessions; the one that it was done in goes on', async () => {
    const quem = await sessao();
    const outra = await rpc.auth.login(quem);
    await trocar(quem);
    expect((await failure(rpc.auth.refresh({ refreshToken: outra.refreshToken }))).motivo).toBe(
      'TOKEN_RENOVACAO_INVALIDO',
    );
    const renovada = await rpc.auth.refresh({ refreshToken: quem.aqui.refreshToken });
    expect(await rpc.users.getMe({}, as(renovada))).toMatchObject({ id: quem.id });
  });

  it('is told to the owner, with where it was done', async () => {
    const quem = await sessao();
    await trocar(quem);
    expect(await publicados(auth.dataSource, 'auth.v1.AvisoDeSeguranca', quem.id)).toEqual([
      expect.objectContaining({ tipo: 'TIPO_AVISO_SEGURANCA_SENHA_ALTERADA', enderecoIp: '127.0.0.1' }),
    ]);
  });

  it('asks for the present password, and lets nobody guess it with a copied token', async () => {
    const quem = await sessao();
    const tentar = () => failure(trocar({ ...quem, password: 'errada' }));
    for (let turn = 0; turn < 5; turn++) expect((await tentar()).motivo).toBe('CREDENCIAIS_INVALIDAS');
    expect(await tentar()).toEqual({ code: Code.ResourceExhausted, motivo: 'MUITAS_TENTATIVAS' });
  });

  it('takes neither the present password, however it is composed, nor one that is easy to guess', async () => {
    const quem = await sessao();
    const recusa = async (nova: string) => (await failure(trocar(quem, nova))).motivo;
    expect(await recusa(quem.password)).toBe('SENHA_REPETIDA');
    expect(await recusa('\uff33enha@123')).toBe('SENHA_REPETIDA');
    expect(await recusa('password')).toBe('SENHA_FRACA');
    await rpc.auth.login(quem);
  });

  it('happens once under its key, and once when two come at the same time', async () => {
    const quem = await sessao();
    const key = { 'idempotency-key': randomUUID() };
    await trocar(quem, NOVA, key);
    const renovada = await rpc.auth.refresh({ refreshToken: quem.aqui.refreshToken });
    await trocar({ ...quem, aqui: renovada }, NOVA, key);
    const outra = await sessao();
    const told = await Promise.allSettled([trocar(outra), trocar(outra, 'a outra senha do par')]);
    expect(told.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const { id } of [quem, outra])
      expect(await publicados(auth.dataSource, 'auth.v1.AvisoDeSeguranca', id)).toHaveLength(1);
  });

  it('is for who is signed in', async () => {
    const quem = await sessao();
    const anonimo = rpc.auth.changePassword({ currentPassword: quem.password, newPassword: NOVA });
    expect((await failure(anonimo)).code).toBe(Code.Unauthenticated);
  });
});
