import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import { stopAt } from '@plataforma/testing/barrier';
import { eventually } from '@plataforma/testing/eventually';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { esperandoContas, prenderContas } from '../support/auth-under-test.ts';
import { contasDo, eventosDe, verificar } from '../support/enderecos.ts';
import { watchHashes } from '../support/hash-work.ts';
import { ADMIN, as, failure, pessoa, useAuth } from '../support/use-auth.ts';

/** Behind, so that tokens made after it was advanced are not from the future for those who verify them. */
const clock = new FixedClock(new Date(Date.now() - 4 * 60_000).toISOString());
const { auth, rpc } = useAuth({ clock });

const RECUSADO = { code: Code.Unauthenticated, motivo: 'CREDENCIAIS_INVALIDAS' };
const HORA_MS = 3_600_000;

/** Somebody with an account whose address is verified, and somebody else who signs up with that address. */
async function comTitular() {
  const dono = pessoa();
  const { id: titular } = await rpc.auth.signup(dono);
  await verificar({ auth, rpc }, titular);
  return { dono, titular, outro: { ...dono, nome: 'Outra Pessoa', password: 'Outra@4567' } };
}

const avisosDe = async (usuarioId: string) =>
  (await eventosDe(auth, 'auth.v1.AvisoDeSeguranca')).filter(
    ({ payload }) => payload.usuarioId === usuarioId,
  );

describe('signing up with an address', () => {
  it('is answered the same whether the address is new, taken, or verified by its owner', async () => {
    const { outro } = await comTitular();
    const novo = { ...outro, email: pessoa().email };
    const respostas = [];
    for (const quem of [novo, novo, outro, outro]) {
      const { id, email, criadoEm, atualizadoEm, ...resto } = await rpc.auth.signup(quem);
      expect([id.slice(0, 4), email]).toEqual(['cli_', quem.email.toLowerCase()]);
      expect(criadoEm).toEqual(atualizadoEm);
      respostas.push(resto);
    }
    for (const resposta of respostas) expect(resposta).toEqual(respostas[0]);
  });

  it('costs one hash, whatever accounts the address has', async () => {
    const { outro } = await comTitular();
    const novo = { ...outro, email: pessoa().email };
    const work = watchHashes();
    const costs = [];
    for (const quem of [novo, novo, outro, outro]) costs.push(await work.during(() => rpc.auth.signup(quem)));
    work.stop();
    expect(costs).toEqual([1, 1, 1, 1]);
  });

  it('lets in at once, with the password of that sign-up, beside the owner', async () => {
    const { dono, titular, outro } = await comTitular();
    const { id } = await rpc.auth.signup(outro);
    const idDe = async (quem: typeof dono) => (await rpc.users.getMe({}, as(await rpc.auth.login(quem)))).id;
    expect([await idDe(dono), await idDe(outro)]).toEqual([titular, id]);
  });

  it('tells the owner of the address, once an hour, and mails no code', async () => {
    const { titular, outro } = await comTitular();
    const { id } = await rpc.auth.signup(outro);
    await rpc.auth.signup(outro);
    const [aviso, ...mais] = await avisosDe(titular);
    expect(aviso?.payload).toMatchObject({
      tipo: 'TIPO_AVISO_SEGURANCA_CADASTRO_REPETIDO',
      enderecoIp: '127.0.0.1',
    });
    expect(mais).toEqual([]);
    await auth.dataSource.query(
      `update usuarios set cadastro_repetido_em = cadastro_repetido_em - $2 * interval '1 ms' where id = $1`,
      [titular, HORA_MS],
    );
    await rpc.auth.signup(outro);
    expect(await avisosDe(titular)).toHaveLength(2);
    const [registrado] = await eventosDe(auth, 'auth.v1.UsuarioRegistrado', id);
    expect([
      registrado?.payload.codigoVerificacao ?? '',
      registrado?.payload.emailVerificado ?? false,
    ]).toEqual(['', false]);
  });

  it('takes the place of an earlier account that has not verified it: nobody enters or verifies that one', async () => {
    const quem = pessoa();
    const { id: antes } = await rpc.auth.signup(quem);
    const sessao = await rpc.auth.login(quem);
    const outro = { ...quem, password: 'Outra@4567' };
    await rpc.auth.signup(outro);
    expect(await failure(rpc.auth.login(quem))).toEqual(RECUSADO);
    expect((await failure(rpc.users.getMe({}, as(sessao)))).code).toBe(Code.Unauthenticated);
    expect((await failure(rpc.auth.refresh({ refreshToken: sessao.refreshToken }))).motivo).toBe(
      'TOKEN_RENOVACAO_INVALIDO',
    );
    expect((await failure(verificar({ auth, rpc }, antes))).motivo).toBe('CODIGO_EMAIL_INVALIDO');
    await rpc.auth.login(outro);
    const [, mudou] = await eventosDe(auth, 'auth.v1.Usuario', antes);
    expect(mudou).toMatchObject({ assunto: 'auth.v1.UsuarioAtualizado', payload: { geracaoSessoes: 2 } });
  });

  it('takes no place from an account that an administrator trusts with a role', async () => {
    const quem = pessoa();
    const { id: usuarioId } = await rpc.auth.signup(quem);
    const papeis = [PapelUsuario.GESTOR];
    await rpc.users.updateUser(
      { usuarioId, papeis, password: ADMIN.password },
      as(await rpc.auth.login(ADMIN)),
    );
    const outro = { ...quem, password: 'Outra@4567' };
    const { ativo } = await rpc.auth.signup(outro);
    expect(ativo).toBe(true);
    await rpc.auth.login(quem);
    expect(await failure(rpc.auth.login(outro))).toEqual(RECUSADO);
  });

  it('leaves one account that can be entered when ten come at once', async () => {
    const quem = pessoa();
    const abertas = await Promise.all(Array.from({ length: 10 }, () => rpc.auth.signup(quem)));
    expect(new Set(abertas.map(({ id }) => id)).size).toBe(10);
    const contas = await contasDo(auth, quem.email);
    expect(contas.filter(({ substituida }) => !substituida)).toHaveLength(1);
  });

  it('leaves an account alone that is being verified at that moment', async () => {
    const quem = pessoa();
    const { id } = await rpc.auth.signup(quem);
    const barrier = stopAt(/^\s*update usuarios\s+set nome/, { when: 'after' });
    const verificada = verificar({ auth, rpc }, id);
    await barrier.reached();
    const outra = rpc.auth.signup({ ...quem, password: 'Outra@4567' });
    barrier.open();
    await Promise.all([verificada, outra]);
    expect(await contasDo(auth, quem.email)).toEqual([
      { id, verificada: true, substituida: false },
      { id: (await outra).id, verificada: false, substituida: false },
    ]);
    expect(await avisosDe(id)).toHaveLength(1);
  });
});

describe('verifying an address', () => {
  it('is for one account: the code of another one, sent before, is void', async () => {
    const quem = pessoa();
    const { id } = await rpc.auth.signup(quem);
    const { id: outra } = await rpc.auth.signup(pessoa());
    await verificar({ auth, rpc }, outra);
    await auth.dataSource.query('update usuarios set email = $2 where id = $1', [
      outra,
      quem.email.toLowerCase(),
    ]);
    expect(await failure(verificar({ auth, rpc }, id))).toEqual({
      code: Code.InvalidArgument,
      motivo: 'CODIGO_EMAIL_INVALIDO',
    });
    expect((await contasDo(auth, quem.email)).filter(({ verificada }) => verificada)).toMatchObject([
      { id: outra },
    ]);
  });

  it('is mailed no code that could not be used, and does not say so', async () => {
    const { outro } = await comTitular();
    const { id } = await rpc.auth.signup(outro);
    const como = as(await rpc.auth.login(outro));
    await auth.dataSource.query(
      `update usuarios set atualizado_em = atualizado_em - interval '1 minute' where id = $1`,
      [id],
    );
    await rpc.auth.resendVerification({}, como);
    expect((await failure(rpc.auth.resendVerification({}, como))).motivo).toBe('MUITAS_TENTATIVAS');
    const eventos = await eventosDe(auth, 'auth.v1.Usuario', id);
    expect(eventos.map(({ payload }) => payload.codigoVerificacao ?? '')).toEqual(['', '']);
  });

  it('goes by the accounts as they are when its turn comes', async () => {
    const quem = pessoa();
    const { id } = await rpc.auth.signup(quem);
    const lock = await prenderContas(auth.dataSource);
    const verificada = failure(verificar({ auth, rpc }, id));
    await eventually(async () => expect(await esperandoContas(auth.dataSource)).toBe(1));
    await rpc.auth.signup({ ...quem, password: 'Outra@4567' });
    await lock.release();
    expect((await verificada).motivo).toBe('CODIGO_EMAIL_INVALIDO');
  });
});

describe('a login', () => {
  it('that fails costs two verifications, whatever accounts the address has', async () => {
    const { dono, outro } = await comTitular();
    const so = pessoa();
    await rpc.auth.signup(so);
    const suspensa = pessoa();
    const { id: usuarioId } = await rpc.auth.signup(suspensa);
    await rpc.users.updateUser({ usuarioId, ativo: false }, as(await rpc.auth.login(ADMIN)));
    const work = watchHashes();
    const cost = (quem: { email: string; password: string }) =>
      work.during(() => failure(rpc.auth.login(quem)));
    const costs = [await cost({ ...dono, password: 'errada' })];
    await rpc.auth.signup(outro);
    for (const quem of [dono, so, { email: 'ninguem@exemplo.com' }])
      costs.push(await cost({ ...quem, password: 'errada' }));
    costs.push(await cost(suspensa));
    work.stop();
    expect(costs).toEqual([2, 2, 2, 2, 2]);
  });

  it('at an account that anybody could open gives no more guesses at the one that has verified the address', async () => {
    const { dono, outro } = await comTitular();
    await rpc.auth.signup(outro);
    const de = { headers: { 'x-forwarded-for': '198.51.100.77' } };
    for (let turno = 0; turno < 5; turno++) {
      expect((await failure(rpc.auth.login({ ...dono, password: 'errada' }, de))).motivo).toBe(
        'CREDENCIAIS_INVALIDAS',
      );
      if (turno < 4) await rpc.auth.login(outro, de);
    }
    expect((await failure(rpc.auth.login({ ...dono, password: 'errada' }, de))).motivo).toBe(
      'MUITAS_TENTATIVAS',
    );
  });
});

describe('an international address', () => {
  it('is the same with blanks around it, in every call that takes one', async () => {
    const quem = pessoa();
    const typed = `  ${quem.email}\t`;
    const { id, email } = await rpc.auth.signup({ ...quem, email: `\u00a0${quem.email} ` });
    expect(email).toBe(quem.email.toLowerCase());
    await verificar({ auth, rpc }, id);
    const session = as(await rpc.auth.login({ email: typed, password: quem.password }));
    await rpc.auth.forgotPassword({ email: typed });
    const novo = pessoa().email;
    await rpc.users.updateMe({ email: ` ${novo} `, password: quem.password }, session);
    const [row] = await auth.dataSource.query('select para from trocas_de_email where usuario_id = $1', [id]);
    expect(row.para).toBe(novo.toLowerCase());
  });

  it('is one account, however its domain is written', async () => {
    const { password, nome } = pessoa();
    const { id, email } = await rpc.auth.signup({ nome, password, email: 'Ana@Exämple.com' });
    expect(email).toBe('ana@xn--exmple-cua.com');
    await verificar({ auth, rpc }, id);
    for (const escrito of [
      'ana@exämple.com',
      'ANA@EXÄMPLE.COM',
      'ana@xn--exmple-cua.com',
      'ana@exa\u0308mple.com',
    ]) {
      const session = await rpc.auth.login({ email: escrito, password });
      expect((await rpc.users.getMe({}, as(session))).id).toBe(id);
    }
    const admin = as(await rpc.auth.login(ADMIN));
    const { usuarios } = await rpc.users.listUsers({ busca: 'ana@exämple.com' }, admin);
    expect(usuarios.map((usuario) => usuario.id)).toEqual([id]);
    const outra = { nome, password, email: 'anã@exemplo.com' };
    expect((await failure(rpc.auth.signup(outra))).motivo).toBe('REQUISICAO_INVALIDA');
  });
});
