import { createHash } from 'node:crypto';
import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { codigosMandados, publicados } from '../support/codigos.ts';
import { watchHashes } from '../support/hash-work.ts';
import { ADMIN, as, failure, pessoa, useAuth } from '../support/use-auth.ts';

const NOVA = 'outra senha bem melhor';
/** Tokens are read by the time of the machine: those who need one come first, before the clock is advanced. */
const clock = new FixedClock(new Date(Date.now() - 60_000).toISOString());
const { auth, rpc } = useAuth({ clock });

/** The worker answers every request that waits. */
async function mandar(): Promise<void> {
  for (const worker of auth.background) while (await worker.turn?.());
}

async function conta() {
  const quem = pessoa();
  const { id } = await rpc.auth.signup(quem);
  return { ...quem, id };
}

async function codigoDe(quem: { id: string; email: string }): Promise<string> {
  await rpc.auth.forgotPassword({ email: quem.email });
  await mandar();
  return (await codigosMandados(auth.dataSource, quem.id)).at(-1) ?? '';
}

const redefinir = (codigo: string, newPassword = NOVA) => rpc.auth.resetPassword({ codigo, newPassword });

const INVALIDO = { code: Code.InvalidArgument, motivo: 'CODIGO_EMAIL_INVALIDO' };

describe('a forgotten password', () => {
  it('is set anew with the code that was mailed: the new one lets in, the old one does not', async () => {
    const quem = await conta();
    await redefinir(await codigoDe(quem));
    expect((await rpc.auth.login({ email: quem.email, password: NOVA })).accessToken).not.toBe('');
    expect((await failure(rpc.auth.login(quem))).motivo).toBe('CREDENCIAIS_INVALIDAS');
  });

  it('ends every session, opens none, tells the owner where from, and proves the address', async () => {
    const quem = await conta();
    const antes = await rpc.auth.login(quem);
    const answer = await redefinir(await codigoDe(quem));
    expect(Object.keys(answer)).toEqual(['$typeName']);
    expect((await failure(rpc.auth.refresh({ refreshToken: antes.refreshToken }))).motivo).toBe(
      'TOKEN_RENOVACAO_INVALIDO',
    );
    expect((await failure(rpc.auth.resendVerification({}, as(antes)))).code).toBe(Code.Unauthenticated);
    const avisos = await publicados(auth.dataSource, 'auth.v1.AvisoDeSeguranca', quem.id);
    expect(avisos).toEqual([
      expect.objectContaining({ tipo: 'TIPO_AVISO_SEGURANCA_SENHA_REDEFINIDA', enderecoIp: '127.0.0.1' }),
    ]);
    const depois = await rpc.auth.login({ email: quem.email, password: NOVA });
    expect(await rpc.users.getMe({}, as(depois))).toMatchObject({ emailVerificado: true });
  });

  it('is answered the same, with the same work, whether the address has an account, is suspended, or has none', async () => {
    const quem = await conta();
    const suspensa = await conta();
    const admin = await rpc.auth.login(ADMIN);
    await rpc.users.updateUser({ usuarioId: suspensa.id, ativo: false }, as(admin));
    const work = watchHashes();
    const answers = [];
    for (const email of [quem.email, suspensa.email, 'ninguem@exemplo.com'])
      answers.push(await rpc.auth.forgotPassword({ email }));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    work.stop();
    // All that was done of it so far is the same: one row each.
    expect(await auth.dataSource.query('select count(*)::int as n from pedidos_senha')).toEqual([{ n: 3 }]);
    await mandar();
    expect(await auth.dataSource.query('select count(*)::int as n from pedidos_senha')).toEqual([{ n: 0 }]);
    expect(await codigosMandados(auth.dataSource, quem.id)).toHaveLength(1);
    expect(await codigosMandados(auth.dataSource, suspensa.id)).toEqual([]);
  });

  it('is known by its address in any case', async () => {
    const quem = await conta();
    expect(await codigoDe({ id: quem.id, email: quem.email.toUpperCase() })).not.toBe('');
  });

  it('fills no mailbox: three codes, then one each time that one expires, whoever asks', async () => {
    const quem = await conta();
    for (let turn = 0; turn < 10; turn++) await codigoDe(quem);
    expect(await codigosMandados(auth.dataSource, quem.id)).toHaveLength(3);
    clock.advance(30 * 60_000);
    for (let turn = 0; turn < 3; turn++) await codigoDe(quem);
    expect(await codigosMandados(auth.dataSource, quem.id)).toHaveLength(4);
  });

  it('can be asked for again once the code has expired, however often it was asked for before', async () => {
    const quem = await conta();
    const passos = [0, 0, 0, 0, 7, 23, 1, 29, 30, 45];
    let ultimo = { codigo: '', venceEm: 0 };
    for (const minutos of passos) {
      clock.advance(minutos * 60_000);
      const codigo = await codigoDe(quem);
      const agora = clock.now().getTime();
      if (codigo !== ultimo.codigo) ultimo = { codigo, venceEm: agora + 30 * 60_000 };
      expect(ultimo.venceEm).toBeGreaterThan(agora);
    }
    await redefinir(ultimo.codigo);
  });

  it('is wanted from the last time that it was asked for, while no worker has come by', async () => {
    const quem = await conta();
    await rpc.auth.forgotPassword({ email: quem.email });
    clock.advance(29 * 60_000);
    await rpc.auth.forgotPassword({ email: quem.email });
    clock.advance(2 * 60_000);
    await mandar();
    expect(await codigosMandados(auth.dataSource, quem.id)).toHaveLength(1);
  });

  it('does not wait for the worker that answers the request before', async () => {
    const quem = await conta();
    await rpc.auth.forgotPassword({ email: quem.email });
    const worker = auth.dataSource.createQueryRunner();
    await worker.startTransaction();
    await worker.query('delete from pedidos_senha where email = $1', [quem.email.toLowerCase()]);
    await rpc.auth.forgotPassword({ email: quem.email });
    await worker.rollbackTransaction();
    await worker.release();
    expect(await codigoDe(quem)).not.toBe('');
  });

  it('is not mailed about when the request has waited longer than its code would live', async () => {
    const quem = await conta();
    await rpc.auth.forgotPassword({ email: quem.email });
    clock.advance(31 * 60_000);
    await mandar();
    expect(await codigosMandados(auth.dataSource, quem.id)).toEqual([]);
  });
});

describe('the code for a new password', () => {
  it('has 256 random bits, and is kept as a digest only', async () => {
    const quem = await conta();
    const codigo = await codigoDe(quem);
    expect(codigo).toMatch(/^[\w-]{43}$/);
    const [row] = await auth.dataSource.query('select * from redefinicoes_senha where usuario_id = $1', [
      quem.id,
    ]);
    expect(row.codigo_hash).toEqual(createHash('sha256').update(codigo).digest());
    expect(JSON.stringify(row)).not.toContain(codigo);
  });

  it('works for thirty minutes', async () => {
    const quem = await conta();
    const codigo = await codigoDe(quem);
    clock.advance(30 * 60_000);
    expect(await failure(redefinir(codigo))).toEqual(INVALIDO);
    const outro = await codigoDe(quem);
    clock.advance(30 * 60_000 - 1_000);
    await redefinir(outro);
  });

  it('is void once there is a newer one', async () => {
    const quem = await conta();
    const [velho, novo] = [await codigoDe(quem), await codigoDe(quem)];
    expect(await failure(redefinir(velho))).toEqual(INVALIDO);
    await redefinir(novo);
  });

  it('works once: the same call again is answered the same, another password is not taken', async () => {
    const quem = await conta();
    const codigo = await codigoDe(quem);
    await redefinir(codigo);
    await redefinir(codigo);
    expect(await failure(redefinir(codigo, 'mais uma senha qualquer'))).toEqual(INVALIDO);
    expect(await publicados(auth.dataSource, 'auth.v1.AvisoDeSeguranca', quem.id)).toHaveLength(1);
  });

  it('works once when it comes twice at the same time with two passwords', async () => {
    const quem = await conta();
    const codigo = await codigoDe(quem);
    const told = await Promise.allSettled(
      [NOVA, 'a outra senha do par'].map((nova) => redefinir(codigo, nova)),
    );
    expect(told.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is not used up by a password that is too weak', async () => {
    const quem = await conta();
    const codigo = await codigoDe(quem);
    expect(await failure(redefinir(codigo, 'password'))).toEqual({
      code: Code.InvalidArgument,
      motivo: 'SENHA_FRACA',
    });
    await redefinir(codigo);
  });

  it('is void once its account has another address, or is suspended', async () => {
    const quem = await conta();
    const codigo = await codigoDe(quem);
    await auth.dataSource.query('update usuarios set email = $2 where id = $1', [
      quem.id,
      `novo.${quem.id}@exemplo.com`.toLowerCase(),
    ]);
    expect(await failure(redefinir(codigo))).toEqual(INVALIDO);
    const outra = await conta();
    const outro = await codigoDe(outra);
    await auth.dataSource.query('update usuarios set ativo = false where id = $1', [outra.id]);
    expect(await failure(redefinir(outro))).toEqual(INVALIDO);
  });

  it.each(['x', 'A'.repeat(43), '\u2028'.repeat(40)])('is no made-up text: %j', async (codigo) => {
    expect(await failure(redefinir(codigo))).toEqual(INVALIDO);
  });
});
