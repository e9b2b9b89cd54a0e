import { eventually } from '@plataforma/testing/eventually';
import type { FixedClock } from '@plataforma/testing/fixed-clock';
import { useMfa } from '../mfa/use-mfa.ts';
import { publicados } from '../support/codigos.ts';
import { verificar } from '../support/enderecos.ts';
import { as, pessoa } from '../support/use-auth.ts';

export const NOVA = 'outra senha bem melhor';
export const DIA_MS = 24 * 3_600_000;

let counter = 0;
export const novoEndereco = () => `ladrao.${++counter}@outra.com`;

interface Aviso {
  readonly tipo: string;
  readonly email?: string;
  readonly voltaAte?: string;
}

interface Pedida {
  readonly email: string;
  readonly codigo: string;
  readonly devolveEndereco?: boolean;
}

/** auth for the specs of a file, with accounts that a stolen password gives another address. */
export function useVolta(clock: FixedClock) {
  const { auth, rpc, ...others } = useMfa(clock);

  const avisos = async (id: string) =>
    (await publicados<Aviso>(auth.dataSource, 'auth.v1.AvisoDeSeguranca', id)).map(
      ({ tipo, email = '', voltaAte = '' }) => [tipo.replace('TIPO_AVISO_SEGURANCA_', ''), email, voltaAte],
    );

  const deixados = (id: string): Promise<Array<{ email: string; vence: Date }>> =>
    auth.dataSource.query(`select email, vence_em as vence from enderecos_deixados where usuario_id = $1`, [
      id,
    ]);

  /** Somebody with a verified address, and a session of whoever has their password. */
  async function conta({ verificada = true } = {}) {
    const quem = pessoa();
    const { id } = await rpc.auth.signup(quem);
    if (verificada) await verificar({ auth, rpc }, id);
    return { ...quem, antes: quem.email.toLowerCase(), id, furtiva: await rpc.auth.login(quem) };
  }

  type Conta = Awaited<ReturnType<typeof conta>>;

  async function trocar(
    { id, password, furtiva }: Pick<Conta, 'id' | 'password' | 'furtiva'>,
    email = novoEndereco(),
    codigo = '',
  ) {
    await rpc.users.updateMe({ email, password, codigo }, as(furtiva));
    const pedidas = await publicados<{ codigo: string }>(auth.dataSource, 'auth.v1.TrocaDeEmailPedida', id);
    await rpc.users.confirmEmailChange({ codigo: pedidas.at(-1)?.codigo ?? '' }, as(furtiva));
    return email;
  }

  /** Two calls, and the account is somebody else's. */
  async function levada() {
    const quem = await conta();
    return { ...quem, depois: await trocar(quem) };
  }

  /** What was mailed to the account for who asks with the address, oldest first. */
  async function pedir(id: string, email: string) {
    await rpc.auth.forgotPassword({ email });
    for (const worker of auth.background) while (await worker.turn?.());
    return publicados<Pedida>(auth.dataSource, 'auth.v1.RedefinicaoSenhaPedida', id);
  }

  const codigoPara = async (id: string, email: string) =>
    (await pedir(id, email)).filter((pedida) => pedida.email === email.toLowerCase()).at(-1)?.codigo ?? '';

  /** Attempts that were counted ahead of time are forgotten within moments of real time, and refused until then. */
  async function voltar(ms: number) {
    clock.advance(-ms);
    await eventually(async () => void (await rpc.auth.forgotPassword({ email: novoEndereco() })));
  }

  const redefinir = (codigo: string) => rpc.auth.resetPassword({ codigo, newPassword: NOVA });

  return {
    ...{ auth, rpc, avisos, deixados, conta, trocar, levada, pedir, codigoPara, voltar, redefinir },
    ...others,
  };
}
