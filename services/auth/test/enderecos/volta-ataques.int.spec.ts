import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { STEP_MS } from '../mfa/use-mfa.ts';
import { as } from '../support/use-auth.ts';
import { NOVA, novoEndereco, useVolta } from './use-volta.ts';

const clock = new FixedClock(new Date(Date.now() - 8 * 60_000).toISOString());
const { auth, rpc, protegida, avisos, trocar, levada, pedir, codigoPara, redefinir } = useVolta(clock);

describe('codes of an address that was left', () => {
  it('go on to be mailed when it is left again, by whoever has come back to it', async () => {
    const quem = await levada();
    for (const vez of [1, 2]) {
      await redefinir(await codigoPara(quem.id, quem.antes));
      const furtiva = await rpc.auth.login({ email: quem.antes, password: NOVA });
      if (vez === 1) await trocar({ id: quem.id, password: NOVA, furtiva });
    }
    const doDono = (await pedir(quem.id, quem.antes)).filter(({ devolveEndereco }) => devolveEndereco);
    expect(new Set(doDono.map(({ codigo }) => codigo)).size).toBe(2);
  });
});

describe('a request for a new password that cannot be answered', () => {
  it('holds up that of nobody else', async () => {
    const [presa, outra] = [await levada(), await levada()];
    // What it would announce, it has announced: no code can be stored.
    await auth.dataSource.query(
      `insert into outbox (id, agregado_tipo, agregado_id, agregado_versao, assunto, payload)
       values (gen_random_uuid(), 'redefinicao-senha', $1, 1, 'auth.v1.RedefinicaoSenhaPedida', '{}')`,
      [presa.id],
    );
    await rpc.auth.forgotPassword({ email: presa.depois });
    clock.advance(1);
    await rpc.auth.forgotPassword({ email: outra.depois });
    const [worker] = auth.background.filter((one) => 'name' in one && one.name === 'redefinicoes');
    await expect(worker?.turn?.()).rejects.toThrow(/outbox_agregado_uq/);
    expect(await worker?.turn?.()).toBe(true);
    const mandadas = await auth.dataSource.query(
      'select email from redefinicoes_senha where usuario_id = $1',
      [outra.id],
    );
    expect(mandadas).toEqual([{ email: outra.depois }]);
    // It waits on, for as long as it would have.
    const [pedido] = await auth.dataSource.query(
      'select renovado_em < pedido_em as antes from pedidos_senha where email = $1',
      [presa.depois],
    );
    expect(pedido).toEqual({ antes: true });
    await auth.dataSource.query('delete from pedidos_senha');
  });
});

describe('an owner who comes back to an address', () => {
  it('finds nothing in their way that was added when it was left or since, whatever its age', async () => {
    const { id, quem, app, session } = await protegida();
    const dias = (quantos: number) =>
      auth.dataSource.query(
        'update fatores set criado_em = criado_em - make_interval(days => $2) where usuario_id = $1',
        [id, quantos],
      );
    // Five days after the thief's app is there the address goes, too; three days later its owner comes.
    await dias(5);
    const furtiva = await rpc.auth.refresh({ refreshToken: session.refreshToken });
    clock.advance(STEP_MS);
    const depois = await trocar({ ...quem, id, furtiva }, novoEndereco(), app.code());
    await dias(3);
    // By then the app proves more than the password: a link that was added with it.
    await auth.dataSource.query(
      `insert into vinculos (emissor, sujeito, usuario_id, criado_em, so_senha) values ('https://e', $1, $1, $2, false)`,
      [id, clock.now()],
    );
    await redefinir(await codigoPara(id, quem.email));
    expect((await avisos(id)).slice(-4)).toEqual([
      ['SENHA_REDEFINIDA', '', ''],
      ['MFA_DESATIVADO', '', ''],
      ['GOOGLE_DESVINCULADO', '', ''],
      ['EMAIL_DEVOLVIDO', depois, ''],
    ]);
    const login = await rpc.auth.login({ email: quem.email, password: NOVA });
    expect(login.mfaRequired).toBe(false);
    expect(await rpc.users.getMe({}, as(login))).toMatchObject({ mfaAtivo: false, googleVinculado: false });
  });
});
