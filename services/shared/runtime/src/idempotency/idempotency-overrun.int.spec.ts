import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { Effects } from '../../test/effects.ts';
import { failureOf } from '../../test/failure-of.ts';
import { bearer, type Listeners, startListeners } from '../../test/listeners.ts';
import { delay } from '../deadlines/wait.ts';

describe('a call with an Idempotency-Key whose handler runs on past its deadline', () => {
  let effects: Effects;
  let listeners: Listeners;
  const ended = Promise.withResolvers<void>();
  let runs = 0;

  beforeAll(async () => {
    effects = await Effects.start();
    listeners = await startListeners({
      keys: effects.keys,
      impl: {
        async gravar({ value }) {
          if (value === 'demora') runs += 1;
          await effects.uow.run(async (tx) => {
            await tx.claimKey(value);
            if (value === 'demora') await ended.promise;
            await tx.add(value, `${value} ${runs}`);
          });
          return { value };
        },
      },
      repeats: { gravar: async (efeito) => ({ value: await effects.valueOf(efeito) }) },
    });
    // Connections and keys are there when the time of the call begins.
    const options = bearer(await listeners.issuer.token({ sub: 'cli_1' }), { 'idempotency-key': 'antes' });
    await listeners.grpc.gravar({ value: 'antes' }, options);
  });

  afterAll(async () => {
    await listeners.close();
    await effects.stop();
  });

  it('has no effect beside its retry, however long it takes, and the retry gets its answer', async () => {
    const options = bearer(await listeners.issuer.token({ sub: 'cli_1' }), { 'idempotency-key': 'chave' });
    const gravar = (timeoutMs: number) =>
      listeners.grpc.gravar({ value: 'demora' }, { ...options, timeoutMs });
    expect(await failureOf(gravar(1_000))).toMatchObject({ code: 'DeadlineExceeded' });
    await delay(1_000);
    expect(await failureOf(gravar(5_000))).toMatchObject({ motivo: 'REQUISICAO_EM_ANDAMENTO' });
    ended.resolve();
    await eventually(async () =>
      expect(await gravar(5_000)).toMatchObject({ value: expect.stringMatching(/^demora /) }),
    );
    expect(await effects.ids()).toEqual(['antes', 'demora']);
  });
});
