import type { AuthUnderTest } from '../support/auth-under-test.ts';
import { eventosDe, verificar } from '../support/enderecos.ts';
import { as, type clients, pessoa } from '../support/use-auth.ts';

interface Sistema {
  readonly auth: AuthUnderTest;
  readonly rpc: ReturnType<typeof clients>;
}

async function conta({ auth, rpc }: Sistema) {
  const quem = pessoa();
  const { id } = await rpc.auth.signup(quem);
  await verificar({ auth, rpc }, id);
  return { ...quem, id, sessao: await rpc.auth.login(quem) };
}

/** An account that is made and removed; answers whose it was. */
export async function removedAccount(sistema: Sistema): Promise<string> {
  const { id, password, sessao } = await conta(sistema);
  await sistema.rpc.users.deleteMe({ password }, as(sessao));
  return id;
}

/** An account that is used and changed in every way, so that every event about one that stays has been published. */
export async function usedAccount(sistema: Sistema): Promise<string> {
  const { auth, rpc } = sistema;
  const { id, email, password, sessao } = await conta(sistema);
  const aqui = await rpc.auth.login({ email, password });
  await rpc.auth.logout({ refreshToken: sessao.refreshToken }, as(aqui));
  await rpc.auth.forgotPassword({ email });
  for (const worker of auth.background) while (await worker.turn?.());
  await rpc.users.updateMe({ email: 'nova.ana@exemplo.com', password }, as(aqui));
  const [pedida] = await eventosDe(auth, 'auth.v1.TrocaDeEmailPedida', id);
  const { codigo = '' } = (pedida?.payload ?? {}) as { codigo?: string };
  await rpc.users.confirmEmailChange({ codigo }, as(aqui));
  return id;
}
