import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { doneOrBlocked, stopAt } from '@plataforma/testing/barrier';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { ADMIN, as, failure } from '../support/use-auth.ts';
import { type Protegida, STEP_MS, useMfa } from './use-mfa.ts';

const clock = new FixedClock(new Date(Date.now() - 8 * 60_000).toISOString());
const { auth, rpc, protegida, configurada, esperando } = useMfa(clock);

const invalid = { code: Code.Unauthenticated, motivo: 'MFA_CODIGO_INVALIDO' };

/** How each call ended: in a session, or by its reason. */
const outcomes = async (calls: Promise<{ accessToken: string }>[]) =>
  Promise.all(
    calls.map((call) =>
      call.then(
        ({ accessToken }) => (accessToken === '' ? 'NOTHING' : 'SESSION'),
        () => failure(call).then(({ motivo }) => motivo),
      ),
    ),
  );

const avisos = async ({ id }: Pick<Protegida, 'id'>): Promise<string[]> => {
  const rows: { tipo: string }[] = await auth.dataSource.query(
    `select payload->>'tipo' as tipo from outbox
     where assunto = 'auth.v1.AvisoDeSeguranca' and payload->>'usuarioId' = $1 order by posicao`,
    [id],
  );
  return rows.map(({ tipo }) => tipo.replace('TIPO_AVISO_SEGURANCA_', ''));
};

describe('a code of the app', () => {
  it('is taken once, whatever it was taken for (ASVS 6.5.1)', async () => {
    const person = await protegida();
    const { quem, app } = person;
    const used = app.code();
    expect(await failure(rpc.auth.verifyMfa({ mfaToken: await esperando(person), codigo: used }))).toEqual(
      invalid,
    );
    clock.advance(STEP_MS);
    const codigo = app.code();
    const session = as(await rpc.auth.verifyMfa({ mfaToken: await esperando(person), codigo }));
    expect(await failure(rpc.auth.verifyMfa({ mfaToken: await esperando(person), codigo }))).toEqual(invalid);
    expect(await failure(rpc.auth.disableMfa({ password: quem.password, codigo }, session))).toEqual(invalid);
  });

  it('costs a waiting login none of its five codes when it was not heard', async () => {
    const person = await protegida();
    clock.advance(STEP_MS);
    const guesser = await esperando(person);
    for (let n = 0; n < 5; n++)
      await failure(rpc.auth.verifyMfa({ mfaToken: guesser, codigo: person.app.wrong() }));
    const mfaToken = await esperando(person);
    const told = [];
    for (let n = 0; n < 6; n++)
      told.push((await failure(rpc.auth.verifyMfa({ mfaToken, codigo: person.app.code() }))).motivo);
    expect(told).toEqual(Array(6).fill('MUITAS_TENTATIVAS'));
    expect((await failure(rpc.auth.verifyMfa({ mfaToken: guesser, codigo: person.app.code() }))).motivo).toBe(
      'MFA_TOKEN_INVALIDO',
    );
    clock.advance(60_000);
    await rpc.auth.verifyMfa({ mfaToken, codigo: person.app.code() });
  });

  it('voids those before it that were never used', async () => {
    const person = await protegida();
    clock.advance(2 * STEP_MS);
    const [before, now] = [person.app.code(1), person.app.code()];
    await rpc.auth.verifyMfa({ mfaToken: await esperando(person), codigo: now });
    expect(await failure(rpc.auth.verifyMfa({ mfaToken: await esperando(person), codigo: before }))).toEqual(
      invalid,
    );
  });

  it('opens one session for two logins that bring it at once', async () => {
    const person = await protegida();
    clock.advance(STEP_MS);
    const codigo = person.app.code();
    const [first, second] = [await esperando(person), await esperando(person)];
    const barrier = stopAt(/update fatores/);
    const early = rpc.auth.verifyMfa({ mfaToken: first, codigo });
    await barrier.reached();
    const late = rpc.auth.verifyMfa({ mfaToken: second, codigo });
    expect(await doneOrBlocked(auth.dataSource, failure(late))).toBe('blocked');
    barrier.open();
    expect(await outcomes([early, late])).toEqual(['SESSION', 'MFA_CODIGO_INVALIDO']);
  });

  it('ends one login once, however many calls bring both at once', async () => {
    const person = await protegida();
    clock.advance(STEP_MS);
    const request = { mfaToken: await esperando(person), codigo: person.app.code() };
    const told = await outcomes([1, 2, 3, 4].map(() => rpc.auth.verifyMfa(request)));
    expect(told.filter((each) => each === 'SESSION')).toHaveLength(1);
    expect(
      told.filter((each) => each === 'MFA_CODIGO_INVALIDO' || each === 'MFA_TOKEN_INVALIDO'),
    ).toHaveLength(3);
  });

  it('does not end a login of which it is heard that another code has just ended it', async () => {
    const person = await protegida();
    clock.advance(STEP_MS);
    const mfaToken = await esperando(person);
    const barrier = stopAt(/^commit$/);
    const byApp = rpc.auth.verifyMfa({ mfaToken, codigo: person.app.code() });
    await barrier.reached();
    const byCode = rpc.auth.verifyMfa({ mfaToken, codigo: person.codigosRecuperacao[0] ?? '' });
    await doneOrBlocked(
      auth.dataSource,
      failure(byCode).catch(() => undefined),
    );
    barrier.open();
    const told = await outcomes([byApp, byCode]);
    expect(told.sort()).toEqual(['MFA_TOKEN_INVALIDO', 'SESSION']);
  });

  it('is still good when the effect that it was for was not stored', async () => {
    const person = await protegida();
    clock.advance(STEP_MS);
    const codigo = person.app.code();
    const mfaToken = await esperando(person);
    await auth.dataSource.query('alter table usuarios rename to usuarios_fora');
    expect((await failure(rpc.auth.verifyMfa({ mfaToken, codigo }))).motivo).not.toMatch(/^MFA_/);
    await auth.dataSource.query('alter table usuarios_fora rename to usuarios');
    await rpc.auth.verifyMfa({ mfaToken, codigo });
  });

  it('cannot be used again by what writes to the database past the service', async () => {
    const { id } = await protegida();
    const again = auth.dataSource.query(
      'update fatores set ultimo_passo = ultimo_passo - 1 where usuario_id = $1',
      [id],
    );
    await expect(again).rejects.toMatchObject({ constraint: 'fatores_passo_avanca' });
  });
});

describe('a recovery code', () => {
  it('is taken once, as it was typed, and its owner is told (ASVS 6.5.1, 6.5.2)', async () => {
    const person = await protegida();
    const [codigo = '', other = ''] = person.codigosRecuperacao;
    const typed = ` ${codigo.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `;
    await rpc.auth.verifyMfa({ mfaToken: await esperando(person), codigo: typed });
    expect(await failure(rpc.auth.verifyMfa({ mfaToken: await esperando(person), codigo }))).toEqual(invalid);
    await rpc.auth.verifyMfa({ mfaToken: await esperando(person), codigo: other });
    expect(await avisos(person)).toEqual([
      'MFA_ATIVADO',
      'CODIGO_RECUPERACAO_USADO',
      'CODIGO_RECUPERACAO_USADO',
    ]);
  });

  it('opens one session for two logins that bring it at once', async () => {
    const person = await protegida();
    const [codigo = ''] = person.codigosRecuperacao;
    const [first, second] = [await esperando(person), await esperando(person)];
    const barrier = stopAt(/update codigos_recuperacao/, { when: 'after' });
    const early = rpc.auth.verifyMfa({ mfaToken: first, codigo });
    await barrier.reached();
    const late = rpc.auth.verifyMfa({ mfaToken: second, codigo });
    expect(await doneOrBlocked(auth.dataSource, failure(late))).toBe('blocked');
    barrier.open();
    expect(await outcomes([early, late])).toEqual(['SESSION', 'MFA_CODIGO_INVALIDO']);
    expect(await avisos(person)).toEqual(['MFA_ATIVADO', 'CODIGO_RECUPERACAO_USADO']);
  });

  it('lets its owner in, and switch the factor off, also when the secret of the app cannot be read', async () => {
    const person = await protegida();
    const [entrar = '', desligar = ''] = person.codigosRecuperacao;
    await auth.dataSource.query(`update fatores set segredo_cifrado = '\\x00' where usuario_id = $1`, [
      person.id,
    ]);
    clock.advance(STEP_MS);
    const byApp = rpc.auth.verifyMfa({ mfaToken: await esperando(person), codigo: person.app.code() });
    expect((await failure(byApp)).code).toBe(Code.Internal);
    const session = as(await rpc.auth.verifyMfa({ mfaToken: await esperando(person), codigo: entrar }));
    await rpc.auth.disableMfa({ password: person.quem.password, codigo: desligar }, session);
    expect((await rpc.auth.login(person.quem)).mfaRequired).toBe(false);
  });

  it('is good for its own account only', async () => {
    const [ana, eva] = [await protegida(), await protegida()];
    const codigo = ana.codigosRecuperacao[0] ?? '';
    expect(await failure(rpc.auth.verifyMfa({ mfaToken: await esperando(eva), codigo }))).toEqual(invalid);
  });

  it('activates nothing', async () => {
    const { codigosRecuperacao } = await protegida();
    const { session } = await configurada();
    const codigo = codigosRecuperacao[0] ?? '';
    expect(await failure(rpc.auth.activateMfa({ codigo }, as(session)))).toEqual(invalid);
  });
});

describe('guessing the second factor', () => {
  it('has five codes for a login, right or wrong, also when they come at once', async () => {
    const person = await protegida();
    clock.advance(STEP_MS);
    const mfaToken = await esperando(person);
    // No code at all costs an attempt and no wait.
    const told = await outcomes(
      Array.from({ length: 12 }, () => rpc.auth.verifyMfa({ mfaToken, codigo: 'nada disso' })),
    );
    expect(told.filter((each) => each === 'MFA_CODIGO_INVALIDO')).toHaveLength(5);
    const codigo = person.app.code();
    expect((await failure(rpc.auth.verifyMfa({ mfaToken, codigo }))).motivo).toBe('MFA_TOKEN_INVALIDO');
    await rpc.auth.verifyMfa({ mfaToken: await esperando(person), codigo });
  });

  it('has five wrong codes for an account, then one a minute, and so on: who knows the password guesses no faster (ASVS 6.3.1)', async () => {
    const person = await protegida();
    const codigo = person.app.wrong();
    const [one, two] = [await esperando(person), await esperando(person)];
    const told = await outcomes(
      [one, one, one, two, two, two].map((mfaToken) => rpc.auth.verifyMfa({ mfaToken, codigo })),
    );
    expect(told.filter((each) => each === 'MFA_CODIGO_INVALIDO')).toHaveLength(5);
    expect(told.filter((each) => each === 'MUITAS_TENTATIVAS')).toHaveLength(1);
    clock.advance(STEP_MS);
    const waits = failure(
      rpc.auth.verifyMfa({ mfaToken: await esperando(person), codigo: person.app.code() }),
    );
    expect(await waits).toEqual({ code: Code.ResourceExhausted, motivo: 'MUITAS_TENTATIVAS' });
    clock.advance(STEP_MS);
    await rpc.auth.verifyMfa({ mfaToken: await esperando(person), codigo: person.app.code() });
  });

  it('keeps the owner out of nothing: a recovery code is heard meanwhile', async () => {
    const person = await protegida();
    const wrong = person.app.wrong();
    const [one, two] = [await esperando(person), await esperando(person)];
    await outcomes(
      [one, one, one, two, two, two].map((mfaToken) => rpc.auth.verifyMfa({ mfaToken, codigo: wrong })),
    );
    const codigo = person.codigosRecuperacao[0] ?? '';
    expect(await outcomes([rpc.auth.verifyMfa({ mfaToken: await esperando(person), codigo })])).toEqual([
      'SESSION',
    ]);
  });

  it('is nothing that a stranger without the password can do: nothing of the account is counted', async () => {
    const person = await protegida();
    for (let turn = 0; turn < 12; turn += 1) {
      const mfaToken = Buffer.alloc(32, turn).toString('base64url');
      expect((await failure(rpc.auth.verifyMfa({ mfaToken, codigo: '000000' }))).motivo).toBe(
        'MFA_TOKEN_INVALIDO',
      );
    }
    const [row] = await auth.dataSource.query('select falhas from fatores where usuario_id = $1', [
      person.id,
    ]);
    expect(row.falhas).toBe(0);
  });

  it('with a session counts the same at switching off, behind the password', async () => {
    const person = await protegida();
    const { quem, app } = person;
    clock.advance(STEP_MS);
    const session = as(await rpc.auth.verifyMfa({ mfaToken: await esperando(person), codigo: app.code() }));
    for (let turn = 0; turn < 5; turn += 1) {
      const guess = rpc.auth.disableMfa({ password: quem.password, codigo: app.wrong() }, session);
      expect(await failure(guess)).toEqual(invalid);
    }
    clock.advance(STEP_MS);
    expect(
      (await failure(rpc.auth.verifyMfa({ mfaToken: await esperando(person), codigo: app.code() }))).motivo,
    ).toBe('MUITAS_TENTATIVAS');
  });
});

describe('how many recovery codes are left', () => {
  const restantes = async (session: { accessToken: string }) =>
    (await rpc.users.getMe({}, as(session))).codigosRecuperacaoRestantes;

  it('is told to their owner, and only where there is a second factor', async () => {
    const { session } = await configurada();
    expect(await restantes(session)).toBeUndefined();
    const person = await protegida();
    const codes = person.codigosRecuperacao;
    const first = await rpc.auth.verifyMfa({ mfaToken: await esperando(person), codigo: codes[0] ?? '' });
    expect(await restantes(first)).toBe(9);
    for (const codigo of codes.slice(1, 9))
      await rpc.auth.verifyMfa({ mfaToken: await esperando(person), codigo });
    const last = await rpc.auth.verifyMfa({ mfaToken: await esperando(person), codigo: codes[9] ?? '' });
    expect(await restantes(last)).toBe(0);
  });

  it('is told to nobody else', async () => {
    const { id } = await protegida();
    const admin = as(await rpc.auth.login(ADMIN));
    expect((await rpc.users.getUser({ usuarioId: id }, admin)).codigosRecuperacaoRestantes).toBeUndefined();
    const { usuarios } = await rpc.users.listUsers({}, admin);
    expect(usuarios.filter((one) => one.codigosRecuperacaoRestantes !== undefined)).toEqual([]);
  });
});
