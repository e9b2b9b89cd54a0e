import { describe, expect, it } from '@jest/globals';
import { AutorDaRemocao } from '@plataforma/contratos/auth/v1/erasures_service_pb';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { publicados } from '../support/codigos.ts';
import { contasDo, verificar } from '../support/enderecos.ts';
import { ADMIN, as, pessoa, useAuth } from '../support/use-auth.ts';

const clock = new FixedClock(new Date(Date.now() - 4 * 60_000).toISOString());
const { auth, rpc } = useAuth({ clock });

async function trabalham(): Promise<void> {
  for (const worker of auth.background) while (await worker.turn?.());
}

/** So many sign-ups of one person with one address, the last one of them proved. */
async function repetida({ vezes = 3, verificada = true } = {}) {
  const quem = pessoa();
  const ids: string[] = [];
  for (let vez = 0; vez < vezes; vez++) ids.push((await rpc.auth.signup(quem)).id);
  const id = ids.at(-1) ?? '';
  if (verificada) await verificar({ auth, rpc }, id);
  return { ...quem, id, anteriores: ids.slice(0, -1) };
}

const sair = async (quem: { email: string; password: string }) =>
  rpc.users.deleteMe({ password: quem.password }, as(await rpc.auth.login(quem)));

const removidos = (id: string) =>
  publicados<{ protocolo: string }>(auth.dataSource, 'auth.v1.UsuarioRemovido', id);

const ficou = async (id: string) =>
  (await auth.dataSource.query('select nome, email, senha_hash from usuarios where id = $1', [id]))[0];

describe('who leaves an address that they have proved', () => {
  it('takes along the earlier sign-ups with it, each with an event and a report of its own', async () => {
    const quem = await repetida();
    const { protocolo } = await sair(quem);
    await trabalham();
    const protocolos = [protocolo];
    for (const id of quem.anteriores) {
      expect(await ficou(id)).toEqual({
        nome: 'Conta removida',
        email: 'removida@invalid',
        senha_hash: null,
      });
      const [removido, ...mais] = await removidos(id);
      expect(mais).toEqual([]);
      protocolos.push(removido?.protocolo ?? '');
      expect(await rpc.erasures.getErasureReport({ protocolo: removido?.protocolo ?? '' })).toMatchObject({
        usuarioId: id,
        por: AutorDaRemocao.TITULAR,
      });
    }
    expect(new Set(protocolos).size).toBe(3);
    expect(await contasDo(auth, quem.email)).toEqual([]);
  });

  it('takes them along when an administrator removes the account, and the report says who did', async () => {
    const quem = await repetida({ vezes: 2 });
    const admin = as(await rpc.auth.login(ADMIN));
    await rpc.users.deleteUser({ usuarioId: quem.id, password: ADMIN.password }, admin);
    await trabalham();
    const [removido] = await removidos(quem.anteriores[0] ?? '');
    expect(await rpc.erasures.getErasureReport({ protocolo: removido?.protocolo ?? '' })).toMatchObject({
      por: AutorDaRemocao.ADMINISTRADOR,
    });
  });

  it('leaves an account that somebody can enter with it', async () => {
    const quem = await repetida({ vezes: 1 });
    const outra = { ...quem, password: 'Senha@456' };
    const { id } = await rpc.auth.signup(outra);
    await sair(quem);
    await trabalham();
    expect((await rpc.users.getMe({}, as(await rpc.auth.login(outra)))).id).toBe(id);
  });
});

describe('who leaves an address that they have not proved', () => {
  it('takes nothing else along: the others may be somebody else’s', async () => {
    const quem = await repetida({ vezes: 2, verificada: false });
    await sair(quem);
    await trabalham();
    expect((await contasDo(auth, quem.email)).map(({ id }) => id)).toEqual(quem.anteriores);
  });
});
