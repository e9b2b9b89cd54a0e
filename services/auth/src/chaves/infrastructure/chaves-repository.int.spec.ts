import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { stopAt } from '@plataforma/testing/barrier';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import type { DataSource } from 'typeorm';
import { openDatabase } from '../../../test/support/database.ts';
import { Selos } from '../../selos/infrastructure/selos.ts';
import { PostgresChavesRepository } from './chaves-repository.ts';

const MINUTE_MS = 60_000;
const MASTER = Buffer.alloc(32, 7);
const OTHER = Buffer.alloc(32, 8);

let dataSource: DataSource;
let close: (() => Promise<void>) | undefined;
let clock: FixedClock;

beforeAll(async () => {
  ({ dataSource, close } = await openDatabase());
});

beforeEach(async () => {
  // Retirement is told by the clock of the database.
  clock = new FixedClock(new Date().toISOString());
  await dataSource.query('truncate chaves_assinatura');
});

afterAll(() => close?.());

const replica = (masterKey = MASTER, previousMasterKey?: Buffer) => {
  const selos = new Selos({ masterKey, previousMasterKey }, 'signing-keys');
  return new PostgresChavesRepository({ dataSource, clock, selos });
};

const published = async () => (await replica().publicKeys()).keys.map(({ kid }) => kid);

const stored = () =>
  dataSource.query(
    'select kid, estado, privada_cifrada is not null as privada from chaves_assinatura order by estado',
  );

async function rotated() {
  const chaves = replica();
  const { kid: velha } = await chaves.ativa();
  clock.advance(1);
  const { kid: nova } = await chaves.criarProxima();
  await chaves.ativar(nova);
  return { chaves, velha, nova };
}

describe('the next key', () => {
  it('is published and does not sign, until it is activated', async () => {
    const chaves = replica();
    const { kid: ativa } = await chaves.ativa();
    clock.advance(1);
    const { kid: proxima } = await chaves.criarProxima();
    expect(await published()).toEqual([proxima, ativa]);
    expect((await chaves.ativa()).kid).toBe(ativa);
    await chaves.ativar(proxima);
    expect((await chaves.ativa()).kid).toBe(proxima);
    expect(await published()).toEqual([proxima, ativa]);
  });

  it('is made once when two replicas make it at once', async () => {
    await replica().ativa();
    const barrier = stopAt(/insert into chaves_assinatura/);
    const one = replica().criarProxima();
    await barrier.reached();
    const other = replica().criarProxima();
    barrier.open();
    expect((await one).kid).toBe((await other).kid);
  });

  it('is activated once, and not at all when it was taken back meanwhile', async () => {
    const { chaves, velha, nova } = await rotated();
    await chaves.ativar(nova);
    await chaves.ativar(velha);
    expect((await chaves.ativa()).kid).toBe(nova);
    const { kid: proxima } = await chaves.criarProxima();
    await chaves.recolherTodas();
    await chaves.ativar(proxima);
    expect([await chaves.proxima(proxima), (await chaves.ativa()).kid === proxima]).toEqual([
      undefined,
      false,
    ]);
  });
});

describe('a retired key', () => {
  it('loses its private half at once, and its public one when no token of it can be alive', async () => {
    const { chaves, velha, nova } = await rotated();
    expect(await stored()).toEqual([
      { kid: velha, estado: 'APOSENTADA', privada: false },
      { kid: nova, estado: 'ATIVA', privada: true },
    ]);
    clock.advance(20 * MINUTE_MS);
    expect([await chaves.esquecerVencidas(), await published()]).toEqual([0, [nova, velha]]);
    clock.advance(2 * MINUTE_MS);
    expect(await published()).toEqual([nova]);
    expect([await chaves.esquecerVencidas(), await stored()]).toEqual([
      1,
      [{ kid: nova, estado: 'ATIVA', privada: true }],
    ]);
  });

  it('never signs again', async () => {
    const { velha } = await rotated();
    await expect(
      dataSource.query(`update chaves_assinatura set estado = 'PROXIMA' where kid = $1`, [velha]),
    ).rejects.toThrow('chaves_assinatura_privada');
  });
});

describe('keys that are taken back', () => {
  it('are all gone at once, and a new one signs', async () => {
    const { chaves, velha, nova } = await rotated();
    const { kid: proxima } = await chaves.criarProxima();
    const { kid } = await chaves.recolherTodas();
    expect([velha, nova, proxima]).not.toContain(kid);
    expect([await published(), (await chaves.ativa()).kid]).toEqual([[kid], kid]);
  });
});

describe('the database', () => {
  it.each(['ATIVA', 'PROXIMA'])('keeps a second key from being %s', async (estado) => {
    const insert = (kid: string) =>
      dataSource.query(
        `insert into chaves_assinatura (kid, publica, privada_cifrada, estado, criada_em) values ($1, '{}', 'x', $2, now())`,
        [kid, estado],
      );
    await insert('uma');
    await expect(insert('outra')).rejects.toThrow(`chaves_assinatura_uma_${estado.toLowerCase()}`);
  });
});

describe('a master key that was replaced', () => {
  it('still opens what it has sealed, while it is named as the previous one', async () => {
    const { kid } = await replica(MASTER).ativa();
    expect((await replica(OTHER, MASTER).ativa()).kid).toBe(kid);
    await expect(replica(OTHER).ativa()).rejects.toThrow();
  });

  it('is needed no more once the signing key is another one', async () => {
    await replica(MASTER).ativa();
    const { kid } = await replica(OTHER, MASTER).criarProxima();
    await replica(OTHER, MASTER).ativar(kid);
    expect((await replica(OTHER).ativa()).kid).toBe(kid);
    await expect(replica(MASTER).ativa()).rejects.toThrow();
  });
});
