import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { hash } from 'argon2';
import { Argon2Hasher, LEAST } from '../../src/credenciais/infrastructure/argon2-hasher.ts';
import { verificar } from '../support/enderecos.ts';
import { watchHashes } from '../support/hash-work.ts';
import { failure, pessoa, useAuth } from '../support/use-auth.ts';

const [OLD, NEW] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const clock = new FixedClock(new Date(Date.now() - 60_000).toISOString());
const { auth, rpc } = useAuth({ clock, passwords: { passwordHashPasses: 3, passwordPeppers: [NEW, OLD] } });

const stored = async (id: string): Promise<string> => {
  const [row] = await auth.dataSource.query('select senha_hash from usuarios where id = $1', [id]);
  return row.senha_hash;
};

async function conta(senhaHash: string) {
  const quem = pessoa();
  const { id } = await rpc.auth.signup(quem);
  // Its password is the first that a login tries.
  await verificar({ auth, rpc }, id);
  await auth.dataSource.query('update usuarios set senha_hash = $2 where id = $1', [id, senhaHash]);
  return { ...quem, id };
}

describe('the hash of a password', () => {
  it.each([
    ['fewer passes', () => hash('Senha@123', { memoryCost: 19_456, timeCost: 2, parallelism: 1 })],
    [
      'an older pepper',
      () => new Argon2Hasher({ ...LEAST, passes: 3, peppers: [OLD] }).hash('Senha@123', ''),
    ],
  ])('that was made with %s is made anew at the next login, once', async (_, make) => {
    const before = await make();
    const quem = await conta(before);
    await rpc.auth.login(quem);
    const after = await stored(quem.id);
    expect(after).not.toBe(before);
    expect(after).toContain('t=3');
    expect((await failure(rpc.auth.login({ ...quem, password: 'errada' }))).motivo).toBe(
      'CREDENCIAIS_INVALIDAS',
    );
    const work = watchHashes();
    expect(await work.during(() => rpc.auth.login(quem))).toBe(1);
    work.stop();
    expect(await stored(quem.id)).toBe(after);
  });

  it('is worth nothing without the pepper, which is not in the database', async () => {
    const senhaHash = await new Argon2Hasher({ ...LEAST, peppers: [NEW] }).hash('Senha@123', '');
    expect(senhaHash).not.toContain(NEW.toString('base64').slice(0, 20));
    const without = new Argon2Hasher({ ...LEAST, peppers: [] });
    await expect(without.verify(senhaHash, 'Senha@123', '')).rejects.toThrow('PASSWORD_PEPPERS lacks');
  });

  it('that was made before passwords were normalised as now still fits', async () => {
    const senha = 'Senha\u00b2@ﬁm';
    expect(senha.normalize('NFC')).not.toBe(senha.normalize('NFKC'));
    const quem = await conta(
      await hash(senha.normalize('NFC'), { memoryCost: 19_456, timeCost: 2, parallelism: 1 }),
    );
    await rpc.auth.login({ email: quem.email, password: senha });
    // The hash is a new one by now, and its password has one form.
    await rpc.auth.login({ email: quem.email, password: senha.normalize('NFKC') });
  });
});
