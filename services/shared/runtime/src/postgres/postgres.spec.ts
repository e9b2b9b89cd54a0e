import { describe, expect, it } from '@jest/globals';
import { createDataSource, isRetryable, isStalePlan, isUniqueViolation, pgCode } from './postgres.ts';

const OPTIONS = {
  url: 'postgres://localhost/teste',
  entities: [],
  migrations: [],
  applicationName: 'teste',
};

describe('createDataSource', () => {
  it('bounds every wait', () => {
    expect(createDataSource(OPTIONS).options).toMatchObject({
      poolSize: 10,
      connectTimeoutMS: 5_000,
      migrationsTransactionMode: 'each',
      synchronize: false,
      logging: false,
      installExtensions: false,
      extra: {
        statement_timeout: 10_000,
        lock_timeout: 5_000,
        idle_in_transaction_session_timeout: 30_000,
        query_timeout: 12_000,
        pipeline: true,
        keepAlive: true,
      },
    });
  });

  it('keeps to what it was told', () => {
    const onConnectionError = () => undefined;
    const told = { poolSize: 3, statementTimeoutMs: 700, lockTimeoutMs: 70, onConnectionError };
    expect(createDataSource({ ...OPTIONS, ...told }).options).toMatchObject({
      poolSize: 3,
      poolErrorHandler: onConnectionError,
      extra: { statement_timeout: 700, lock_timeout: 70, query_timeout: 2_700 },
    });
  });

  it('lets commands take as long as they like', () => {
    const { options } = createDataSource({ ...OPTIONS, statementTimeoutMs: 0 });
    expect(options).toMatchObject({ extra: { statement_timeout: 0, query_timeout: 0 } });
  });

  it('survives an idle connection that breaks when nobody wants to know', () => {
    const { options } = createDataSource(OPTIONS) as unknown as { options: { poolErrorHandler: () => void } };
    expect(() => options.poolErrorHandler()).not.toThrow();
  });
});

const withCode = (code: unknown, message = 'no') => Object.assign(new Error(message), { code });

describe('the errors of the database', () => {
  it.each([
    ['of the driver', withCode('23505'), '23505'],
    ['that TypeORM wraps', Object.assign(new Error('no'), { driverError: { code: '23505' } }), '23505'],
    ['whose code is a number', withCode(23_505), undefined],
    ['whose code is longer', withCode('235055'), undefined],
    ['of the network', withCode('ECONNREFUSED'), undefined],
    ['that is none', { code: '23505' }, undefined],
  ])('have the code of one %s', (_, error, code) => {
    expect(pgCode(error)).toBe(code);
  });

  it('know a violation by its constraint', () => {
    const error = Object.assign(withCode('23505'), { constraint: 'a' });
    expect([undefined, 'a', 'b'].map((constraint) => isUniqueViolation(error, constraint))).toEqual([
      ...[true, true, false],
    ]);
    expect(isUniqueViolation(withCode('23P01'))).toBe(false);
  });

  it.each([
    ['a serialization failure', withCode('40001'), true],
    ['a deadlock', withCode('40P01'), true],
    ['a stale plan', withCode('0A000', 'cached plan must not change result type'), true],
    ['something that is not supported', withCode('0A000', 'no'), false],
    ['a cached plan of something else', withCode('XX000', 'cached plan'), false],
    ['a violation', withCode('23505'), false],
    ['a deadlock that somebody wraps', new Error('no', { cause: withCode('40P01') }), true],
    ['a violation that somebody wraps', new Error('no', { cause: withCode('23505') }), false],
    ['no error', { code: '40001' }, false],
  ])('tell whether to run it again after %s', (_, error, expected) => {
    expect(isRetryable(error)).toBe(expected);
    if (!expected) expect(isStalePlan(error)).toBe(false);
  });
});
