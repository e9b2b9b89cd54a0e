import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { limpezaDeAcessos } from '../../src/remocoes/infrastructure/acessos-antigos.ts';
import { as, failure, pessoa, useAuth } from '../support/use-auth.ts';

const clock = new FixedClock(new Date(Date.now() - 4 * 60_000).toISOString());
const { auth, rpc } = useAuth({ clock });

/** Gone for so long, with a login, a failure from two places within a minute, and the removal. */
async function removida(haDias: number): Promise<string> {
  const quem = pessoa();
  const { id } = await rpc.auth.signup(quem);
  const session = await rpc.auth.login(quem);
  for (const de of ['203.0.113.1', '203.0.113.2'])
    await failure(
      rpc.auth.login({ email: quem.email, password: 'errada' }, { headers: { 'x-forwarded-for': de } }),
    );
  await rpc.users.deleteMe({ password: quem.password }, as(session));
  await auth.dataSource.query(
    `update remocoes set pedida_em = pedida_em - $2 * interval '1 day' where usuario_id = $1`,
    [id, haDias],
  );
  return id;
}

const eventos = (id: string): Promise<Array<{ endereco: string; dispositivo: string }>> =>
  auth.dataSource.query(
    'select endereco, dispositivo from eventos_seguranca where usuario_id = $1 order by id',
    [id],
  );

describe('accesses of a person who is gone', () => {
  it('are kept for six months, and then the events without where they came from (Marco Civil, art. 15)', async () => {
    const [velha, nova] = [await removida(190), await removida(170)];
    const limpar = limpezaDeAcessos(auth.dataSource);
    expect([await limpar(1_000, () => {}), await limpar(1_000, () => {})]).toEqual([1, 0]);
    const nada = { endereco: '', dispositivo: '' };
    expect(await eventos(velha)).toEqual([nada, nada, nada, nada]);
    for (const { endereco } of await eventos(nova)) expect(endereco).not.toBe('');
  });

  it.each([
    ['loses anything else', `endereco = '', dispositivo = '', requisicao = '', minuto = null, detalhe = 'x'`],
    ['is given another address', `endereco = '198.51.100.1'`],
  ])('no event of them %s', async (_, mudanca) => {
    const id = await removida(190);
    await expect(
      auth.dataSource.query(`update eventos_seguranca set ${mudanca} where usuario_id = $1`, [id]),
    ).rejects.toThrow(/kept as they are/);
  });
});
