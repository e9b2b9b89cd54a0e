import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Barrier, doneOrBlocked, stopAt } from '@plataforma/testing/barrier';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { type AuthUnderTest, startAuth } from '../support/auth-under-test.ts';

const ADMIN = { email: 'admin@exemplo.com', senha: 'uma senha de admin' };

let auth: AuthUnderTest;
let barrier: Barrier | undefined;

beforeAll(async () => {
  const clock = new FixedClock(new Date().toISOString());
  auth = await startAuth({ clock, serviceClients: [], admin: ADMIN });
});

beforeEach(() => auth.dataSource.query('truncate usuarios cascade'));
afterEach(() => barrier?.open());
afterAll(() => auth?.stop());

const admins = async (): Promise<string[]> => {
  const rows: { email: string }[] = await auth.dataSource.query(
    `select email from usuarios where 'ADMIN' = any (papeis)`,
  );
  return rows.map(({ email }) => email);
};

describe('the first administrator', () => {
  it('is made once, whatever the configuration says later', async () => {
    await auth.createReplica();
    await auth.createReplica({ admin: { email: 'outro@exemplo.com', senha: 'uma outra senha' } });
    expect(await admins()).toEqual([ADMIN.email]);
  });

  it('is made once when two replicas start at once', async () => {
    barrier = stopAt(/insert into usuarios/);
    const one = auth.createReplica();
    await barrier.reached();
    const other = auth.createReplica();
    expect(await doneOrBlocked(auth.dataSource, other)).toBe('done');
    barrier.open();
    await one;
    expect(await admins()).toEqual([ADMIN.email]);
  });

  it('is nobody when the configuration names nobody', async () => {
    await auth.createReplica({ admin: undefined });
    expect(await admins()).toEqual([]);
  });

  it.each([
    ['the password is easily guessed', { senha: 'password1' }],
    ['the address belongs to somebody else', { email: 'ana@exemplo.com' }],
  ])('is missed at once when %s', async (_, wrong) => {
    await auth.createReplica({ admin: { ...ADMIN, email: 'ana@exemplo.com' } });
    await auth.dataSource.query(`update usuarios set papeis = '{CLIENTE}'`);
    const replica = auth.createReplica({ admin: { ...ADMIN, ...wrong } });
    await expect(replica).rejects.toThrow('the first administrator cannot be made');
  });
});
