import { describe, expect, it } from '@jest/globals';
import { autocommit, inTransaction } from '@plataforma/runtime/transaction';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { PostgresFatoresRepository } from '../../src/fatores/infrastructure/fatores-repository.ts';
import { PostgresSegredosDeAplicativos } from '../../src/fatores/infrastructure/segredos-de-aplicativos.ts';
import { SpeakeasyTotp } from '../../src/fatores/infrastructure/speakeasy-totp.ts';
import { Selador } from '../../src/selos/infrastructure/selador.ts';
import { Selos } from '../../src/selos/infrastructure/selos.ts';
import { STEP_MS, useMfa } from './use-mfa.ts';

/** Behind, so that tokens made after it was advanced are not from the future for those who verify them. */
const clock = new FixedClock(new Date(Date.now() - 8 * 60_000).toISOString());
const { auth, protegida, esperando, rpc } = useMfa(clock);

/** Of the installation under test, and what takes its place. */
const [VELHA, NOVA, OUTRA] = [1, 2, 3].map((byte) => Buffer.alloc(32, byte)) as [Buffer, Buffer, Buffer];

const selos = (masterKey: Buffer, previousMasterKey?: Buffer) =>
  new Selos({ masterKey, previousMasterKey }, 'totp-secrets');

/** Whether the code of the app is taken by who knows these keys. */
async function aceita({ id, app }: Awaited<ReturnType<typeof protegida>>, master: Buffer, previous?: Buffer) {
  clock.advance(STEP_MS);
  const fatores = new PostgresFatoresRepository(autocommit(auth.dataSource), selos(master, previous));
  const fator = await fatores.doUsuario(id);
  return fator?.usar(app.code(), new SpeakeasyTotp(), clock.now()).isSuccess;
}

const seloDe = async (usuarioId: string): Promise<string> => {
  const [row] = await auth.dataSource.query('select selado_com from fatores where usuario_id = $1', [
    usuarioId,
  ]);
  return row.selado_com;
};

const nomeDe = (master: Buffer) => selos(master).nome;

async function selador(master: Buffer, previous: Buffer) {
  const { background = [] } = await auth.createReplica({ key: master, previousKey: previous });
  const worker = background.find(({ name }) => name === 'fatores');
  return async () => {
    while (await worker?.turn?.());
  };
}

const ignored = () => undefined;

function selo(master: Buffer, previous?: Buffer) {
  const told: unknown[] = [];
  const logger = { error: (...args: unknown[]) => void told.push(args) };
  const selador = new Selador({
    ...{ selos: selos(master, previous), logger },
    transacao: (work) =>
      inTransaction(auth.dataSource, (sql) => work(new PostgresSegredosDeAplicativos(sql))),
  });
  return { told, selo: selador };
}

describe('the secret of an authenticator app', () => {
  it('outlives the master key: it is read under the one before, and sealed anew under the next (ASVS 11.2.2)', async () => {
    const pessoa = await protegida();
    expect(await aceita(pessoa, NOVA, VELHA)).toBe(true);
    await expect(aceita(pessoa, NOVA)).rejects.toThrow();
    expect(await seloDe(pessoa.id)).toBe(nomeDe(VELHA));
    await (await selador(NOVA, VELHA))();
    expect(await seloDe(pessoa.id)).toBe(nomeDe(NOVA));
    expect(await aceita(pessoa, NOVA)).toBe(true);
    await expect(aceita(pessoa, VELHA)).rejects.toThrow();
    await (await selador(VELHA, NOVA))();
    clock.advance(STEP_MS);
    const { accessToken } = await rpc.auth.verifyMfa({
      ...{ mfaToken: await esperando(pessoa), codigo: pessoa.app.code() },
    });
    expect(accessToken).not.toBe('');
  });

  it('of a replica from before, which tells no key, is sealed anew as well', async () => {
    const { id } = await protegida();
    await auth.dataSource.query('update fatores set selado_com = null where usuario_id = $1', [id]);
    const { selo: novo } = selo(NOVA, VELHA);
    expect((await novo.state()).dueSince).toBeInstanceOf(Date);
    while ((await novo.work(1, ignored)) > 0);
    expect(await novo.state()).toEqual({ dueSince: undefined, putOff: 0, dead: 0 });
    expect(await seloDe(id)).toBe(nomeDe(NOVA));
    await (await selador(VELHA, NOVA))();
  });

  it('that no key opens stays as it is, is told once, and holds up no other', async () => {
    const { id } = await protegida();
    const { selo: sem, told } = selo(OUTRA);
    while ((await sem.work(1, ignored)) > 0);
    expect(await seloDe(id)).toBe(nomeDe(VELHA));
    const state = await sem.state();
    expect(state).toEqual({ dueSince: undefined, putOff: 0, dead: told.length });
    expect(state.dead).toBeGreaterThan(0);
    expect(JSON.stringify(told)).not.toContain('segredo');
  });

  it('that its owner is proving right now is left for the next time', async () => {
    const { id } = await protegida();
    const runner = auth.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('select 1 from fatores where usuario_id = $1 for update', [id]);
    const { selo: novo } = selo(NOVA, VELHA);
    try {
      while ((await novo.work(100, ignored)) > 0);
      expect(await seloDe(id)).toBe(nomeDe(VELHA));
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
    while ((await novo.work(100, ignored)) > 0);
    expect(await seloDe(id)).toBe(nomeDe(NOVA));
    await (await selador(VELHA, NOVA))();
  });
});
