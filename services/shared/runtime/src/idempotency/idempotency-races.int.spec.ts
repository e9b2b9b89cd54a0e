import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Result } from '@plataforma/domain/result';
import { stopAt } from '@plataforma/testing/barrier';
import pg from 'pg';
import { ecoService } from '../../test/eco-service.ts';
import { Effects } from '../../test/effects.ts';
import { failureOf } from '../../test/failure-of.ts';
import { inMemory } from '../../test/in-memory.ts';
import { bearer } from '../../test/listeners.ts';
import { underKey } from '../postgres/call-key.ts';
import { harmless } from '../rpc/rpc.ts';

type Transacao = Parameters<Parameters<Effects['uow']['run']>[0]>[0];

/** Few connections: what holds one while it waits is seen. */
const POOL = 4;

let effects: Effects;
/** What the transaction of a call does beside its effect. */
let midway: (tx: Transacao) => Promise<unknown>;
/** What the handler does once that is committed. */
let afterwards: () => Promise<unknown>;
let attempts = 0;

const client = inMemory(
  ecoService(
    {
      async gravar({ value }) {
        attempts += 1;
        const id = `${value}.${attempts}`;
        const made = await effects.uow.run(async (tx) => {
          await tx.claimKey(id);
          const refused = await midway(tx);
          if (refused) return Result.fail(new Error('recusado'));
          await tx.add(id, value);
          return Result.ok(id);
        });
        await afterwards();
        return { value: made.isSuccess ? made.value : made.error.message };
      },
    },
    {},
    {},
    { gravar: async (efeito) => ({ value: `outra vez ${efeito}` }) },
  ),
  // Made when the first call comes: the database is there by then.
  { keys: { find: (key) => effects.keys.find(key) } },
);

const gravar = async (value: string, chave: string) =>
  (await client.gravar({ value }, bearer('admin', { 'idempotency-key': chave }))).value;

/** Of the caller of {@link gravar}, for work that is not its call. */
const KEY = { escopo: 'USUARIO:usr_1', metodo: 'm', impressao: Buffer.from('x') };

const EM_ANDAMENTO = { code: 'Aborted', motivo: 'REQUISICAO_EM_ANDAMENTO' };
const REUTILIZADA = { code: 'AlreadyExists', motivo: 'CHAVE_IDEMPOTENCIA_REUTILIZADA' };

beforeAll(async () => {
  effects = await Effects.start(POOL);
});

beforeEach(async () => {
  attempts = 0;
  midway = async () => {};
  afterwards = async () => {};
  await effects.dataSource.query('truncate efeitos, idempotencia');
});

afterEach(() => {
  jest.restoreAllMocks();
});

afterAll(() => effects.stop());

describe('two attempts of one call at the same moment', () => {
  it('have one effect: the second is told that the first is at work, and gets its answer afterwards', async () => {
    const commit = stopAt(/^commit/);
    const first = gravar('a', 'k');
    await commit.reached();
    expect(await failureOf(gravar('a', 'k'))).toMatchObject(EM_ANDAMENTO);
    commit.open();
    expect([await first, await gravar('a', 'k')]).toEqual(['a.1', 'outra vez a.1']);
    expect(await effects.ids()).toEqual(['a.1']);
  });

  it('have one effect when the first commits between the look-up and the claim of the second', async () => {
    const claim = stopAt(/idempotencia_tomar/);
    const second = gravar('a', 'k');
    await claim.reached();
    expect(await gravar('a', 'k')).toBe('a.2');
    claim.open();
    expect([await second, await effects.ids()]).toEqual(['outra vez a.2', ['a.2']]);
  });

  it('are refused one of the two when their bodies differ', async () => {
    const claim = stopAt(/idempotencia_tomar/);
    const second = failureOf(gravar('b', 'k'));
    await claim.reached();
    await gravar('a', 'k');
    claim.open();
    expect(await second).toMatchObject(REUTILIZADA);
  });

  it('hold no connection while they wait: a thousand come while the first is at work', async () => {
    const commit = stopAt(/^commit/);
    // By itself: a call would reach its deadline on a busy machine.
    const first = underKey({ ...KEY, chave: 'k' }, () =>
      effects.uow.run(async (tx) => {
        await tx.claimKey('a.1');
        await tx.add('a.1', 'a');
      }),
    );
    await commit.reached();
    for (let come = 0; come < 1_000; come += 50) {
      const repeats = Array.from({ length: 50 }, () => failureOf(gravar('a', 'k')));
      for (const repeat of await Promise.all(repeats)) expect(repeat).toMatchObject(EM_ANDAMENTO);
    }
    commit.open();
    await first;
    expect(await effects.ids()).toEqual(['a.1']);
  });
});

describe('an attempt that does not come to its end', () => {
  it('leaves the key free when its process dies before the commit', async () => {
    midway = (tx) => tx.sql.query('select pg_terminate_backend(pg_backend_pid())');
    await failureOf(gravar('a', 'k'));
    midway = async () => {};
    expect([await gravar('a', 'k'), await effects.ids()]).toEqual(['a.2', ['a.2']]);
  });

  it('is answered from its effect when its process dies between the commit and the answer', async () => {
    afterwards = () => Promise.reject(new Error('the process died'));
    await failureOf(gravar('a', 'k'));
    expect([await gravar('a', 'k'), await effects.ids()]).toEqual(['outra vez a.1', ['a.1']]);
  });

  it('is answered from its effect when the answer of the commit was lost', async () => {
    const query = pg.Client.prototype.query;
    const lost = jest.spyOn(pg.Client.prototype, 'query');
    lost.mockImplementation(async function (this: pg.Client, ...args: unknown[]) {
      const answer = await Reflect.apply(query, this, args);
      if (args[0] !== 'commit') return answer;
      lost.mockRestore();
      throw new Error('Connection terminated unexpectedly');
    } as never);
    await failureOf(gravar('a', 'k'));
    expect([await gravar('a', 'k'), await effects.ids()]).toEqual(['outra vez a.1', ['a.1']]);
  });

  it('claims its key again when it was the victim of a deadlock', async () => {
    let victim = true;
    midway = async (tx) => {
      if (victim) {
        victim = false;
        await tx.sql.query(`do $$ begin raise exception using errcode = 'deadlock_detected'; end $$`);
      }
    };
    expect([await gravar('a', 'k'), await gravar('a', 'k')]).toEqual(['a.1', 'outra vez a.1']);
  });

  it('leaves the key free, also for another body, when its work answers a refusal', async () => {
    midway = async () => 'refused';
    expect(await gravar('a', 'k')).toBe('recusado');
    midway = async () => {};
    expect([await gravar('b', 'k'), await effects.ids()]).toEqual(['b.2', ['b.2']]);
  });

  it('stores nothing when its work goes on after another attempt had the key', async () => {
    const claim = stopAt(/idempotencia_tomar/);
    const careless = underKey({ ...KEY, chave: 'k' }, () =>
      effects.uow.run(async (tx) => {
        await tx.claimKey('descuidado').catch(() => {});
        await tx.add('descuidado', 'x');
      }),
    );
    await claim.reached();
    await gravar('a', 'k');
    claim.open();
    await expect(careless).rejects.toThrow();
    expect(await effects.ids()).toEqual(['a.1']);
  });
});

describe('a claimed key', () => {
  it('names the effect that was told last', async () => {
    midway = (tx) => tx.claimKey('o que já havia');
    await gravar('a', 'k');
    expect(await gravar('a', 'k')).toBe('outra vez o que já havia');
  });

  it('belongs to its caller', async () => {
    await gravar('a', 'k');
    expect(await effects.keys.find({ ...KEY, escopo: 'USUARIO:usr_2', chave: 'k' })).toBeUndefined();
  });

  it('is free when it has expired', async () => {
    await gravar('a', 'k');
    await effects.dataSource.query(`update idempotencia set expira_em = now() - interval '1 second'`);
    expect([await gravar('b', 'k'), await gravar('b', 'k')]).toEqual(['b.2', 'outra vez b.2']);
  });

  it('is left alone by work without a key, and by work that outlives its call', async () => {
    let late: () => Promise<unknown> = async () => {};
    afterwards = async () => {
      late = AsyncLocalStorage.bind(() => effects.uow.run((tx) => tx.claimKey('tarde')));
    };
    await gravar('a', 'k');
    await late();
    await effects.uow.run((tx) => tx.claimKey('sem chave'));
    expect(await gravar('a', 'k')).toBe('outra vez a.1');
    expect(await effects.dataSource.query('select efeito from idempotencia')).toEqual([{ efeito: 'a.1' }]);
  });
});

describe('beside a replica of the release before', () => {
  /** The rows that it writes. */
  async function theirs(estado: string, posseAte: string, expira = '1 day') {
    await gravar('a', 'k');
    await effects.dataSource.query('truncate efeitos');
    await effects.dataSource.query(
      `update idempotencia set efeito = null, estado = $1, codigo = case when $1 = 'CONCLUIDA' then 0 end, resposta = '\\x01',
         posse_ate = now() + $2::interval, expira_em = now() + $3::interval`,
      [estado, posseAte, expira],
    );
  }

  it('a call that is at work there is at work', async () => {
    await theirs('EM_ANDAMENTO', '1 minute');
    expect(await failureOf(gravar('a', 'k'))).toMatchObject(EM_ANDAMENTO);
  });

  it.each([
    ['was answered there', 'CONCLUIDA', '1 minute'],
    ['was answered there a while ago', 'CONCLUIDA', '-1 minute'],
    ['died there', 'EM_ANDAMENTO', '-1 minute'],
  ])(
    'a call that %s is refused, with what to do, and never carried out again',
    async (_, estado, posseAte) => {
      await theirs(estado, posseAte);
      const refused = await failureOf(gravar('a', 'k'));
      expect(refused).toMatchObject(REUTILIZADA);
      expect(await effects.ids()).toEqual([]);
    },
  );

  it.each([
    ['was answered there', 'CONCLUIDA', '1 minute'],
    ['died there', 'EM_ANDAMENTO', '-1 minute'],
  ])('a call that %s is carried out again where that is harmless', async (_, estado, posseAte) => {
    await theirs(estado, posseAte);
    const eco = ecoService({ gravar: (pedido) => pedido }, {}, {}, { gravar: harmless('an echo') });
    const { gravar: ecoar } = inMemory(eco, { keys: effects.keys });
    const chave = bearer('admin', { 'idempotency-key': 'k' });
    expect(await ecoar({ value: 'a' }, chave)).toMatchObject({ value: 'a' });
    expect(await failureOf(ecoar({ value: 'b' }, chave))).toMatchObject(REUTILIZADA);
  });

  it('a key of there that has expired is free', async () => {
    await theirs('CONCLUIDA', '-1 minute', '-1 second');
    expect(await gravar('a', 'k')).toBe('a.2');
  });

  it('a call that was answered here is in progress there, for as long as its key is kept', async () => {
    await gravar('a', 'k');
    const free = `
      select 1 from idempotencia
      where expira_em <= now() or codigo > 0 or (estado = 'EM_ANDAMENTO' and posse_ate <= now())`;
    expect(await effects.dataSource.query(free)).toEqual([]);
    expect(await effects.dataSource.query('select estado, codigo, resposta from idempotencia')).toEqual([
      { estado: 'EM_ANDAMENTO', codigo: null, resposta: null },
    ]);
  });
});
