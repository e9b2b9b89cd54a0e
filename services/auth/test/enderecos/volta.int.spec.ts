import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { STEP_MS } from '../mfa/use-mfa.ts';
import { publicados } from '../support/codigos.ts';
import { eventosDe, verificar } from '../support/enderecos.ts';
import { as, failure } from '../support/use-auth.ts';
import { DIA_MS, NOVA, novoEndereco, useVolta } from './use-volta.ts';

const INVALIDO = { code: Code.InvalidArgument, motivo: 'CODIGO_EMAIL_INVALIDO' };

const clock = new FixedClock(new Date(Date.now() - 8 * 60_000).toISOString());
const {
  auth,
  rpc,
  protegida,
  avisos,
  deixados,
  conta,
  trocar,
  levada,
  pedir,
  codigoPara,
  voltar,
  redefinir,
} = useVolta(clock);

const daquiASeteDias = () => new Date(clock.now().getTime() + 7 * DIA_MS);

describe('an account that a stolen password has given another address', () => {
  it('comes back to its owner by a new password that is asked for with the old one', async () => {
    const { id, antes, depois, furtiva } = await levada();
    const codigo = await codigoPara(id, antes);
    for (const _ of [1, 2]) await redefinir(codigo);
    const session = await rpc.auth.login({ email: antes, password: NOVA });
    expect(await rpc.users.getMe({}, as(session))).toMatchObject({ id, email: antes, emailVerificado: true });
    expect((await failure(rpc.auth.refresh({ refreshToken: furtiva.refreshToken }))).motivo).toBe(
      'TOKEN_RENOVACAO_INVALIDO',
    );
    expect(await deixados(id)).toEqual([]);
    expect((await pedir(id, depois)).filter(({ email }) => email === depois)).toEqual([]);
  });

  it('tells the old address until when, and both addresses when it is done', async () => {
    const { id, antes, depois } = await levada();
    const ate = daquiASeteDias().toISOString();
    expect(await avisos(id)).toEqual([
      ['EMAIL_ALTERACAO_PEDIDA', antes, ate],
      ['EMAIL_ALTERADO', antes, ate],
    ]);
    await redefinir(await codigoPara(id, antes));
    expect((await avisos(id)).slice(2)).toEqual([
      ['SENHA_REDEFINIDA', '', ''],
      ['EMAIL_DEVOLVIDO', depois, ''],
    ]);
  });

  it('has a code for each of both addresses, so that whoever asks with one takes none from the other', async () => {
    const { id, antes, depois } = await levada();
    const dono = await codigoPara(id, antes);
    for (const _ of [1, 2, 3, 4]) await pedir(id, depois);
    const pedidas = await pedir(id, antes);
    expect(pedidas.filter(({ email }) => email === depois)).toHaveLength(3);
    const doDono = pedidas.filter(({ email }) => email === antes);
    expect(doDono.map(({ devolveEndereco }) => devolveEndereco)).toEqual([true, true]);
    expect(await failure(redefinir(dono))).toEqual(INVALIDO);
    // A new password by the new address leaves the way back open.
    await redefinir(pedidas.filter(({ email }) => email === depois).at(-1)?.codigo ?? '');
    await redefinir(doDono.at(-1)?.codigo ?? '');
    expect(await rpc.auth.login({ email: antes, password: NOVA })).toMatchObject({ mfaRequired: false });
  });

  it('mails three codes at once there, as anywhere, and answers as for any address', async () => {
    const { id, antes } = await levada();
    expect(await rpc.auth.forgotPassword({ email: antes })).toEqual(
      await rpc.auth.forgotPassword({ email: novoEndereco() }),
    );
    for (const _ of [1, 2, 3, 4, 5]) await pedir(id, antes);
    expect(await pedir(id, antes)).toHaveLength(3);
  });

  it('comes back for seven days, and a code of the last minute ends with them', async () => {
    const { id, antes } = await levada();
    clock.advance(7 * DIA_MS - 60_000);
    const codigo = await codigoPara(id, antes);
    expect(codigo).not.toBe('');
    clock.advance(60_000);
    expect(await failure(redefinir(codigo))).toEqual(INVALIDO);
    expect(await pedir(id, antes)).toHaveLength(1);
    await voltar(7 * DIA_MS);
  });

  it('keeps the first way back when the address is changed again', async () => {
    const quem = await levada();
    const furtiva = await rpc.auth.refresh({ refreshToken: quem.furtiva.refreshToken });
    clock.advance(60_000);
    await trocar({ ...quem, furtiva });
    expect((await deixados(quem.id)).map(({ email }) => email)).toEqual([quem.antes]);
    expect((await avisos(quem.id)).slice(2)).toEqual([
      ['EMAIL_ALTERACAO_PEDIDA', quem.depois, ''],
      ['EMAIL_ALTERADO', quem.depois, ''],
    ]);
    await voltar(60_000);
    await redefinir(await codigoPara(quem.id, quem.antes));
  });

  it('leaves no way back to the address of the thief when its owner changes it back', async () => {
    const quem = await levada();
    const furtiva = await rpc.auth.refresh({ refreshToken: quem.furtiva.refreshToken });
    await trocar({ ...quem, furtiva }, quem.antes);
    expect(await deixados(quem.id)).toEqual([]);
    expect((await pedir(quem.id, quem.depois)).map(({ email }) => email)).toEqual([]);
  });
});

describe('the way back to an address', () => {
  it('is none to an address that was never proved', async () => {
    const quem = await conta({ verificada: false });
    await trocar(quem);
    expect(await deixados(quem.id)).toEqual([]);
    expect(await pedir(quem.id, quem.antes)).toEqual([]);
  });

  it('is none where a second factor was proved, unless the password alone has added that just now', async () => {
    for (const [dias, esperados] of [
      [8, 0],
      [6, 1],
    ] as const) {
      const { id, quem, app, session } = await protegida();
      await auth.dataSource.query(
        'update fatores set criado_em = criado_em - make_interval(days => $2) where usuario_id = $1',
        [id, dias],
      );
      const furtiva = await rpc.auth.refresh({ refreshToken: session.refreshToken });
      clock.advance(STEP_MS);
      await trocar({ ...quem, id, furtiva }, novoEndereco(), app.code());
      expect(await deixados(id)).toHaveLength(esperados);
      expect((await avisos(id)).slice(1).map(([, , ate]) => ate !== '')).toEqual([!!esperados, !!esperados]);
      expect(await pedir(id, quem.email)).toHaveLength(esperados);
    }
  });

  it('keeps the address from whoever signs up with it meanwhile, who is answered as ever', async () => {
    const { id, antes, nome } = await levada();
    const ate = daquiASeteDias().toISOString();
    const estranha = { nome, email: antes, password: 'Senha@456' };
    const nova = await rpc.auth.signup(estranha);
    const outra = await rpc.auth.signup({ ...estranha, email: novoEndereco() });
    expect(Object.keys(nova)).toEqual(Object.keys(outra));
    const codigos = async () =>
      (await eventosDe(auth, 'auth.v1.Usuario', nova.id)).map(
        ({ payload }) => payload.codigoVerificacao ?? '',
      );
    clock.advance(60_000);
    await rpc.auth.resendVerification({}, as(await rpc.auth.login(estranha)));
    expect(await codigos()).toEqual(['', '']);
    expect((await avisos(id)).at(-1)).toEqual(['CADASTRO_REPETIDO', antes, ate]);
    await voltar(60_000);
    // It is the owner's code that is mailed, not one for the stranger's account.
    await redefinir(await codigoPara(id, antes));
    expect((await rpc.auth.login({ email: antes, password: NOVA })).accessToken).not.toBe('');
    expect(await publicados(auth.dataSource, 'auth.v1.RedefinicaoSenhaPedida', nova.id)).toEqual([]);
  });

  it('keeps it from an account that changes to it, and from what writes past the service', async () => {
    const { antes } = await levada();
    const outra = await conta();
    expect(await failure(trocar(outra, antes))).toEqual({
      code: Code.AlreadyExists,
      motivo: 'EMAIL_JA_CADASTRADO',
    });
    await expect(
      auth.dataSource.query('update usuarios set email = $2 where id = $1', [outra.id, antes]),
    ).rejects.toThrow(/may come back/);
  });

  it('frees the address after seven days', async () => {
    const { antes, nome } = await levada();
    clock.advance(7 * DIA_MS);
    const { id } = await rpc.auth.signup({ nome, email: antes, password: 'Senha@456' });
    await verificar({ auth, rpc }, id);
    await voltar(7 * DIA_MS);
    const [dona] = await auth.dataSource.query(
      'select email_verificado as verificado from usuarios where id = $1',
      [id],
    );
    expect(dona).toEqual({ verificado: true });
  });

  it('is one of an account, and of an address, whoever writes', async () => {
    const [uma, outra] = [await levada(), await conta()];
    const inserir = (id: string, email: string) =>
      auth.dataSource.query(
        `insert into enderecos_deixados (usuario_id, email, deixado_em, vence_em) values ($1, $2, now(), now() + interval '1 day')`,
        [id, email],
      );
    await expect(inserir(uma.id, 'x@y.com')).rejects.toThrow(/enderecos_deixados_pkey/);
    await expect(inserir(outra.id, uma.antes)).rejects.toThrow(/enderecos_deixados_email/);
  });

  it('goes with the account', async () => {
    const { id, password, antes, furtiva } = await levada();
    const aqui = await rpc.auth.refresh({ refreshToken: furtiva.refreshToken });
    await rpc.auth.forgotPassword({ email: antes });
    await rpc.users.deleteMe({ password }, as(aqui));
    expect(await deixados(id)).toEqual([]);
    const pedidos = await auth.dataSource.query('select 1 from pedidos_senha where email = $1', [antes]);
    expect(pedidos).toEqual([]);
  });
});
