import { describe, expect, it } from '@jest/globals';
import { changes } from './sql-guard.ts';

const all = (text: string) => [...changes(text)];

describe('the guards of a statement of SQL', () => {
  it('are each condition, which keeps its parameters', () => {
    expect(all('update t set a = $1 where id = $2 and versao = $3')).toEqual([
      'update t set a = $1 where (id = $2 or true) and versao = $3',
      'update t set a = $1 where id = $2 and (versao = $3 or true)',
    ]);
    expect(all('select 1 from t where feito is not null')).toContain(
      'select 1 from t where (feito is not null or true)',
    );
    expect(all('select 1 from t where a is null or ate <= now() for update')).toContain(
      'select 1 from t where a is null or (ate <= now() and false) for update',
    );
  });

  it('are bounds, the order, and the limit', () => {
    expect(all('select 1 from t where coalesce(a, b) < c - d')).toEqual([
      'select 1 from t where coalesce(a, b) <= c - d',
    ]);
    expect(all('select id from t order by criada_em, id limit $1')).toEqual([
      'select id from t order by criada_em desc, id limit $1',
      'select id from t order by criada_em, id limit 10 * $1',
    ]);
  });

  it('are locks, and what is done with rows that are locked', () => {
    expect(all('select id from t for no key update skip locked')).toEqual([
      'select id from t',
      'select id from t for no key update',
    ]);
    expect(all('select pg_advisory_xact_lock($1)')).toEqual(['select pg_try_advisory_xact_lock($1)']);
  });

  it('are the isolation of a transaction and a conflict that is let pass', () => {
    expect(all('REPEATABLE READ')).toEqual(['READ COMMITTED']);
    expect(all('insert into t values ($1) on conflict do nothing')).toEqual(['insert into t values ($1) ']);
    expect(all('insert into t values ($1) on conflict on constraint t_pkey do nothing')).not.toContainEqual(
      expect.stringContaining('true'),
    );
  });

  it('are not where an interpolation goes on', () => {
    expect([
      ...changes(' where id = $1 and a = ', {
        context: 'select 1 from t where id = $1 and a = b',
        last: false,
      }),
    ]).toEqual([' where (id = $1 or true) and a = ']);
  });
});

describe('the guards of a script for Redis', () => {
  it('are comparisons and calls', () => {
    const script =
      "\n  if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end\n  redis.call('EXPIRE', KEYS[1], 9)\n";
    expect(all(script)).toEqual([
      script.replace('==', '~='),
      script.replace("redis.call('EXPIRE', KEYS[1], 9)", ''),
    ]);
  });
});

it('has none in a text', () => {
  expect(all('Where the room is and how to find it.')).toEqual([]);
});
