import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { NOVA, useVolta } from './use-volta.ts';

const clock = new FixedClock(new Date(Date.now() - 8 * 60_000).toISOString());
const { auth, rpc, trocar, levada, pedir, codigoPara, redefinir } = useVolta(clock);

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
