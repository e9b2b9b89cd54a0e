import { randomUUID } from 'node:crypto';
import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { TipoEventoSeguranca } from '@plataforma/contratos/auth/v1/audit_service_pb';
import { eventually } from '@plataforma/testing/eventually';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { publicados } from '../support/codigos.ts';
import { contasDo, verificar } from '../support/enderecos.ts';
import { watchHashes } from '../support/hash-work.ts';
import { ADMIN, as, failure, pessoa, useAuth } from '../support/use-auth.ts';

/** Tokens are read by the time of the machine: those who need one come first, before the clock is advanced. */
const clock = new FixedClock(new Date(Date.now() - 4 * 60_000).toISOString());
const { auth, rpc } = useAuth({ clock });

const INVALIDO = { code: Code.InvalidArgument, motivo: 'CODIGO_EMAIL_INVALIDO' };

let counter = 0;
const novoEndereco = () => `nova.${++counter}@outra.com`;

/** Somebody with an account whose address is proved, or not. */
async function conta({ verificada = true } = {}) {
  const quem = pessoa();
  const { id } = await rpc.auth.signup(quem);
  if (verificada) await verificar({ auth, rpc }, id);
  return { ...quem, id, aqui: await rpc.auth.login(quem) };
}

type Conta = Awaited<ReturnType<typeof conta>>;

const pedir = ({ password, aqui }: Pick<Conta, 'password' | 'aqui'>, email: string) =>
  rpc.users.updateMe({ email, password }, as(aqui));

const pedidas = (id: string) =>
  publicados<{ email: string; codigo: string }>(auth.dataSource, 'auth.v1.TrocaDeEmailPedida', id);

const avisos = (id: string) =>
  publicados<{ tipo: string; email: string }>(auth.dataSource, 'auth.v1.AvisoDeSeguranca', id);

async function codigoDe(id: string): Promise<string> {
  return (await pedidas(id)).at(-1)?.codigo ?? '';
}

async function confirmar({ id, aqui }: Conta, codigo?: string) {
  return rpc.users.confirmEmailChange({ codigo: codigo ?? (await codigoDe(id)) }, as(aqui));
}

async function trocada(email = novoEndereco()) {
  const quem = await conta();
  await pedir(quem, email);
  await confirmar(quem);
  return { quem, email };
}

describe('a name of one’s own', () => {
  it('changes at once, without a password, and is told', async () => {
    const { id, aqui } = await conta();
    expect(await rpc.users.updateMe({ nome: 'Bia  Reis' }, as(aqui))).toMatchObject({ id, nome: 'Bia Reis' });
    expect(await rpc.users.getMe({}, as(aqui))).toMatchObject({ nome: 'Bia Reis' });
    const eventos = await publicados<{ nome: string }>(auth.dataSource, 'auth.v1.UsuarioAtualizado', id);
    expect(eventos.at(-1)).toMatchObject({ nome: 'Bia Reis' });
    expect((await failure(rpc.users.updateMe({ nome: ' ' }, as(aqui)))).motivo).toBe('REQUISICAO_INVALIDA');
  });

  it('is not changed by a session that has ended', async () => {
    const { id, aqui } = await conta();
    await rpc.users.updateUser({ usuarioId: id, ativo: false }, as(await rpc.auth.login(ADMIN)));
    expect((await failure(rpc.users.updateMe({ nome: 'Bia' }, as(aqui)))).code).toBe(Code.Unauthenticated);
  });
});

describe('another address', () => {
  it('is the account’s once the code that was mailed to it comes back', async () => {
    const quem = await conta();
    const email = novoEndereco();
    expect(await pedir(quem, email.toUpperCase())).toMatchObject({ email: quem.email.toLowerCase() });
    expect((await pedidas(quem.id)).map((pedida) => pedida.email)).toEqual([email]);
    expect(await rpc.users.getMe({}, as(quem.aqui))).toMatchObject({ email: quem.email.toLowerCase() });
    expect(await confirmar(quem)).toMatchObject({ email, emailVerificado: true });
    const { password } = quem;
    expect((await rpc.auth.login({ email, password })).accessToken).not.toBe('');
    expect((await failure(rpc.auth.login(quem))).motivo).toBe('CREDENCIAIS_INVALIDAS');
  });

  it('asks for the password, and counts guesses (ASVS 7.5.1)', async () => {
    const quem = await conta();
    const errada = { code: Code.Unauthenticated, motivo: 'CREDENCIAIS_INVALIDAS' };
    const email = novoEndereco();
    // Nothing is no guess.
    for (const password of ['', 'outra senha', 'mais uma', 'e outra', 'a quarta', 'a quinta'])
      expect(await failure(rpc.users.updateMe({ email, password, nome: 'Bia' }, as(quem.aqui)))).toEqual(
        errada,
      );
    expect((await failure(pedir(quem, email))).motivo).toBe('MUITAS_TENTATIVAS');
    expect([await pedidas(quem.id), await avisos(quem.id)]).toEqual([[], []]);
    expect(await rpc.users.getMe({}, as(quem.aqui))).toMatchObject({ nome: quem.nome });
  });

  it('is told to the verified address before, when it is asked for and when it is done (ASVS 6.3.7)', async () => {
    const { quem } = await trocada();
    const antes = quem.email.toLowerCase();
    expect((await avisos(quem.id)).map(({ tipo, email }) => [tipo, email])).toEqual([
      ['TIPO_AVISO_SEGURANCA_EMAIL_ALTERACAO_PEDIDA', antes],
      ['TIPO_AVISO_SEGURANCA_EMAIL_ALTERADO', antes],
    ]);
  });

  it('of an account that has not proved its address is told to nobody, and recorded', async () => {
    const quem = await conta({ verificada: false });
    await pedir(quem, novoEndereco());
    expect(await confirmar(quem)).toMatchObject({ emailVerificado: true });
    expect(await avisos(quem.id)).toEqual([]);
    const { eventos } = await rpc.audit.listSecurityEvents(
      { usuarioId: quem.id },
      as(await rpc.auth.login(ADMIN)),
    );
    const { EMAIL_ALTERADO, EMAIL_ALTERACAO_PEDIDA } = TipoEventoSeguranca;
    expect(eventos.map(({ tipo }) => tipo)).toEqual(
      expect.arrayContaining([EMAIL_ALTERADO, EMAIL_ALTERACAO_PEDIDA]),
    );
  });

  it('ends the other sessions; the one that it was done in goes on (ASVS 7.4.3)', async () => {
    const quem = await conta();
    const outra = await rpc.auth.login(quem);
    await pedir(quem, novoEndereco());
    await confirmar(quem);
    expect((await failure(rpc.auth.refresh({ refreshToken: outra.refreshToken }))).motivo).toBe(
      'TOKEN_RENOVACAO_INVALIDO',
    );
    const renovada = await rpc.auth.refresh({ refreshToken: quem.aqui.refreshToken });
    expect(await rpc.users.getMe({}, as(renovada))).toMatchObject({ id: quem.id });
  });

  it('is answered the same, with the same work, whether the address has an account or not', async () => {
    const dona = await conta();
    const provisoria = await conta({ verificada: false });
    const respostas: unknown[] = [];
    for (const email of [dona.email, provisoria.email, novoEndereco()]) {
      const quem = await conta();
      const work = watchHashes();
      const { id: _i, email: _e, criadoEm: _c, atualizadoEm: _a, ...resposta } = await pedir(quem, email);
      respostas.push([resposta, work.stop(), (await pedidas(quem.id)).length]);
    }
    expect(new Set(respostas.map((resposta) => JSON.stringify(resposta))).size).toBe(1);
  });

  it('of another account is refused plainly to who reads its mail, and nothing has changed', async () => {
    const dona = await conta();
    const quem = await conta();
    await pedir(quem, dona.email);
    const recusada = { code: Code.AlreadyExists, motivo: 'EMAIL_JA_CADASTRADO' };
    expect(await failure(confirmar(quem))).toEqual(recusada);
    expect(await rpc.users.getMe({}, as(quem.aqui))).toMatchObject({ email: quem.email.toLowerCase() });
    expect((await avisos(quem.id)).map(({ tipo }) => tipo)).not.toContain(
      'TIPO_AVISO_SEGURANCA_EMAIL_ALTERADO',
    );
  });

  it('goes to one of two accounts that want it at once', async () => {
    const email = novoEndereco();
    const ambas = [await conta(), await conta()];
    for (const quem of ambas) await pedir(quem, email);
    const feitas = await Promise.allSettled(ambas.map((quem) => confirmar(quem)));
    expect(feitas.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await contasDo(auth, email)).map(({ verificada }) => verificada)).toEqual([true]);
  });

  it('takes the place of an account that never proved it, as verifying does', async () => {
    const outra = await conta({ verificada: false });
    const quem = await conta();
    await pedir(quem, outra.email);
    await confirmar(quem);
    const entrou = await rpc.auth.login({ email: outra.email, password: quem.password });
    expect((await rpc.users.getMe({}, as(entrou))).id).toBe(quem.id);
  });

  it('voids the codes that went to the one before, and frees that for a new account after seven days', async () => {
    const quem = await conta();
    await rpc.auth.forgotPassword({ email: quem.email });
    for (const worker of auth.background) while (await worker.turn?.());
    const [redefinicao] = await publicados<{ codigo: string }>(
      auth.dataSource,
      'auth.v1.RedefinicaoSenhaPedida',
      quem.id,
    );
    await pedir(quem, novoEndereco());
    await confirmar(quem);
    const codigo = redefinicao?.codigo ?? '';
    expect(await failure(rpc.auth.resetPassword({ codigo, newPassword: 'outra senha boa' }))).toEqual(
      INVALIDO,
    );
    const seteDias = 7 * 24 * 3_600_000;
    clock.advance(seteDias);
    const nova = await rpc.auth.signup({ ...quem, nome: 'Outra Pessoa' });
    await verificar({ auth, rpc }, nova.id);
    clock.advance(-seteDias);
    // Attempts that were counted ahead of time are forgotten within moments of real time, and refused until then.
    await eventually(async () => void (await rpc.auth.forgotPassword({ email: novoEndereco() })));
  });

  it('is claimed under a key once, and answered again', async () => {
    const quem = await conta();
    const headers = { ...as(quem.aqui).headers, 'idempotency-key': randomUUID() };
    const pedido = { email: novoEndereco(), password: quem.password };
    for (const _ of [1, 2]) await rpc.users.updateMe(pedido, { headers });
    expect(await pedidas(quem.id)).toHaveLength(1);
  });
});

describe('the code for another address', () => {
  it('is worth nothing in another account, without a session, or as another kind of code', async () => {
    const [quem, outra] = [await conta(), await conta()];
    await pedir(quem, novoEndereco());
    await pedir(outra, novoEndereco());
    const codigo = await codigoDe(quem.id);
    expect(await failure(confirmar(outra, codigo))).toEqual(INVALIDO);
    expect(await failure(rpc.auth.verifyEmail({ codigo }))).toEqual(INVALIDO);
    expect(await failure(rpc.auth.resetPassword({ codigo, newPassword: 'outra senha boa' }))).toEqual(
      INVALIDO,
    );
    expect((await failure(rpc.users.confirmEmailChange({ codigo }))).code).toBe(Code.Unauthenticated);
    expect(await failure(confirmar(quem, 'x'))).toEqual(INVALIDO);
    await confirmar(quem, codigo);
  });

  it('has 256 random bits, and is kept as a digest only', async () => {
    const quem = await conta();
    await pedir(quem, novoEndereco());
    const codigo = await codigoDe(quem.id);
    expect(codigo).toMatch(/^[\w-]{43}$/);
    const rows = await auth.dataSource.query('select * from trocas_de_email where usuario_id = $1', [
      quem.id,
    ]);
    expect(JSON.stringify(rows)).not.toContain(codigo);
  });

  it('is void once a newer one is made', async () => {
    const quem = await conta();
    await pedir(quem, novoEndereco());
    const velho = await codigoDe(quem.id);
    const email = novoEndereco();
    await pedir(quem, email);
    expect(await failure(confirmar(quem, velho))).toEqual(INVALIDO);
    expect(await confirmar(quem)).toMatchObject({ email });
  });

  it('is void with another password, so who finds the account in other hands can stop it', async () => {
    const quem = await conta();
    await pedir(quem, novoEndereco());
    const { password: currentPassword } = quem;
    await rpc.auth.changePassword({ currentPassword, newPassword: 'outra senha boa' }, as(quem.aqui));
    const aqui = await rpc.auth.refresh({ refreshToken: quem.aqui.refreshToken });
    expect(await failure(confirmar({ ...quem, aqui }))).toEqual(INVALIDO);
  });

  it('works once, and the same call again is answered the same', async () => {
    const { quem, email } = await trocada();
    const aqui = await rpc.auth.refresh({ refreshToken: quem.aqui.refreshToken });
    expect(await confirmar({ ...quem, aqui })).toMatchObject({ email });
    const outro = novoEndereco();
    await pedir({ ...quem, aqui }, outro);
    const codigo = await codigoDe(quem.id);
    await confirmar({ ...quem, aqui }, codigo);
    const depois = await rpc.auth.refresh({ refreshToken: aqui.refreshToken });
    await pedir({ ...quem, aqui: depois }, novoEndereco());
    expect(await failure(confirmar({ ...quem, aqui: depois }, codigo))).toEqual(INVALIDO);
    expect((await avisos(quem.id)).filter(({ tipo }) => tipo.endsWith('EMAIL_ALTERADO'))).toHaveLength(2);
  });

  it('fills no mailbox, three at once and then one each time that one expires, and works for thirty minutes', async () => {
    const [quem, outra] = [await conta(), await conta()];
    for (const _ of [1, 2, 3]) await pedir(quem, novoEndereco());
    expect((await failure(pedir(quem, novoEndereco()))).motivo).toBe('MUITAS_TENTATIVAS');
    clock.advance(1_000);
    await pedir(outra, novoEndereco());
    clock.advance(30 * 60_000 - 1_000);
    await pedir(quem, novoEndereco());
    expect(await pedidas(quem.id)).toHaveLength(4);
    expect(await confirmar(outra)).toMatchObject({ emailVerificado: true });
    clock.advance(30 * 60_000);
    expect(await failure(confirmar(quem))).toEqual(INVALIDO);
  });
});
