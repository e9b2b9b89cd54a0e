import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { ecoService } from '../../test/eco-service.ts';
import { failureOf } from '../../test/failure-of.ts';
import { MemoryIdempotencyStore } from '../../test/idempotency-memory.ts';
import { inMemory } from '../../test/in-memory.ts';
import { bearer, type LogLine } from '../../test/listeners.ts';
import { rpcError } from '../errors/errors.ts';
import { createLogger } from '../telemetry/logger.ts';
import type { IdempotentAttempt } from './idempotency-store.ts';

const withKey = (chave: string) => bearer('admin', { 'idempotency-key': chave });

describe('an attempt under an idempotency key', () => {
  it('is renewed while it is at work, and not any more once it is over', async () => {
    const renewed: string[] = [];
    class Renewing extends MemoryIdempotencyStore {
      override readonly renewEveryMs = 2;
      override async renew({ chave }: IdempotentAttempt): Promise<void> {
        renewed.push(chave);
      }
    }
    const times = (chave: string) => renewed.filter((each) => each === chave).length;
    const client = inMemory(
      ecoService({
        async gravar({ value }) {
          await eventually(() => expect(times(value)).toBeGreaterThan(1));
          return { value };
        },
      }),
      { idempotency: new Renewing() },
    );
    await client.gravar({ value: 'primeira' }, withKey('primeira'));
    const before = times('primeira');
    await client.gravar({ value: 'segunda' }, withKey('segunda'));
    expect(times('primeira')).toBe(before);
  });

  it('is answered as ever when what became of it cannot be recorded, and the log tells', async () => {
    class Forgetful extends MemoryIdempotencyStore {
      override finish = () => Promise.reject(new Error('database away'));
      override abandon = () => Promise.reject(new Error('database away'));
    }
    const logs: LogLine[] = [];
    const destination = { write: (line: string) => void logs.push(JSON.parse(line)) };
    const client = inMemory(
      ecoService({
        gravar({ value }) {
          if (value === 'ocupado')
            throw rpcError(Code.AlreadyExists, 'ESPACO_INDISPONIVEL', 'Já há reserva.');
          return { value };
        },
      }),
      { idempotency: new Forgetful(), logger: createLogger({ service: 'teste', destination }) },
    );
    expect((await client.gravar({ value: 'a' }, withKey('1'))).value).toBe('a');
    expect(await failureOf(client.gravar({ value: 'ocupado' }, withKey('2')))).toMatchObject({
      motivo: 'ESPACO_INDISPONIVEL',
    });
    expect(logs.filter(({ msg }) => msg === 'idempotency key could not be recorded')).toHaveLength(2);
  });
});
