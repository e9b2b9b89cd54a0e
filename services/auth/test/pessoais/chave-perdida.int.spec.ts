import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '@plataforma/runtime/logger';
import { createMetrics } from '@plataforma/runtime/metrics';
import { autocommit } from '@plataforma/runtime/transaction';
import { createWorkerMetrics } from '@plataforma/runtime/worker-metrics';
import { stopAt } from '@plataforma/testing/barrier';
import type { DataSource } from 'typeorm';
import { ChaveIlegivelError } from '../../src/pessoais/application/ports.ts';
import { createPessoais } from '../../src/pessoais/composition.ts';
import { PostgresChavesPessoais } from '../../src/pessoais/infrastructure/chaves-pessoais-repository.ts';
import { Selos } from '../../src/selos/infrastructure/selos.ts';
import { openDatabase } from '../support/database.ts';

const [PERDIDA, NOVA, TERCEIRA] = [1, 2, 3].map((n) => Buffer.alloc(32, n)) as [Buffer, Buffer, Buffer];

let dataSource: DataSource;
let close: (() => Promise<void>) | undefined;
let pessoas = 0;
let ana: string;

beforeAll(async () => {
  ({ dataSource, close } = await openDatabase());
});

beforeEach(async () => {
  pessoas += 1;
  ana = `cli_Ana${pessoas}`;
  await dataSource.query(
    `insert into usuarios (id, nome, email, senha_hash, papeis, ativo, versao, criado_em, atualizado_em)
     values ($1, 'Ana', $2, $3, '{CLIENTE}', true, 1, now(), now())`,
    [ana, `ana${pessoas}@exemplo.com`, '$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA'],
  );
});

afterAll(() => close?.());

/** What a process of auth with this master key makes of keys, and what it says. */
async function processo(masterKey: Buffer, previousMasterKey?: Buffer) {
  const told: { level: string; msg: string; usuarioId?: string }[] = [];
  const destination = { write: (line: string) => void told.push(JSON.parse(line)) };
  const logger = createLogger({ service: 'auth', level: 'info', destination });
  const { registry } = createMetrics('auth');
  const workerMetrics = createWorkerMetrics(registry);
  const config = { masterKey, previousMasterKey };
  const { personal } = await createPessoais({ config, dataSource, logger, workerMetrics, registry });
  const lidas = new PostgresChavesPessoais(autocommit(dataSource), new Selos(config, 'personal-keys'));
  return {
    told,
    /** Under which its events leave. */
    selar: (usuarioId: string) => personal.keys.keyOf(usuarioId),
    /** As other services are answered, who may want to open what has left. */
    pedir: (usuarioId: string) => lidas.chaveDe(usuarioId),
    destruir: (usuarioId: string) => lidas.destruir(usuarioId, new Date()),
    async substituidas() {
      const metric = await registry.getSingleMetric('chaves_pessoais_substituidas_total')?.get();
      return metric?.values[0]?.value;
    },
  };
}

const guardadas = async (usuarioId: string): Promise<{ selo: string }[]> =>
  dataSource.query('select selo from chaves_pessoais_antigas where usuario_id = $1', [usuarioId]);

describe('the key of a person under a master key that is lost', () => {
  it('is replaced when an event has to leave, said once and counted, and kept aside', async () => {
    const antes = await (await processo(PERDIDA)).selar(ana);
    const auth = await processo(NOVA);
    const nova = await auth.selar(ana);
    expect(nova).toHaveLength(32);
    expect(nova).not.toEqual(antes);
    expect([await auth.selar(ana), await auth.pedir(ana)]).toEqual([nova, nova]);
    expect(auth.told).toEqual([expect.objectContaining({ usuarioId: ana, level: 'error' })]);
    expect(auth.told[0]?.msg).toMatch(/lost/);
    expect(await auth.substituidas()).toBe(1);
    expect(await guardadas(ana)).toEqual([{ selo: new Selos(mestra(PERDIDA), 'personal-keys').nome }]);
  });

  it('is replaced once by several processes at a time', async () => {
    await (await processo(PERDIDA)).selar(ana);
    const replicas = await Promise.all([processo(NOVA), processo(NOVA), processo(NOVA)]);
    const barrier = stopAt(/insert into chaves_pessoais_antigas/, { count: 3 });
    const asked = Promise.all(replicas.map(({ selar }) => selar(ana)));
    await barrier.reached();
    barrier.open();
    const [one, ...others] = await asked;
    expect(others).toEqual([one, one]);
    const counted = await Promise.all(replicas.map(({ substituidas }) => substituidas()));
    expect(counted.reduce((sum = 0, n = 0) => sum + n, 0)).toBe(1);
    expect(await guardadas(ana)).toHaveLength(1);
  });

  it('is not replaced for who only wants to read it', async () => {
    await (await processo(PERDIDA)).selar(ana);
    const auth = await processo(NOVA);
    await expect(auth.pedir(ana)).rejects.toBeInstanceOf(ChaveIlegivelError);
    expect(await guardadas(ana)).toEqual([]);
  });

  it('comes back when the master key was not lost after all, for old events and for new ones', async () => {
    const antes = await (await processo(PERDIDA)).selar(ana);
    await (await processo(NOVA)).selar(ana);
    const certo = await processo(PERDIDA);
    expect(await certo.pedir(ana)).toEqual(antes);
    expect(await certo.selar(ana)).toEqual(antes);
    expect(certo.told).toEqual([]);
    expect(await guardadas(ana)).toHaveLength(1);
    await (await processo(TERCEIRA)).selar(ana);
    expect(await (await processo(PERDIDA)).selar(ana)).toEqual(antes);
  });

  it('comes back as the one before as well', async () => {
    const antes = await (await processo(PERDIDA)).selar(ana);
    await (await processo(NOVA)).selar(ana);
    expect(await (await processo(TERCEIRA, PERDIDA)).pedir(ana)).toEqual(antes);
  });

  it('is replaced also when it does not open under the key that it names', async () => {
    const auth = await processo(NOVA);
    await auth.selar(ana);
    await dataSource.query(
      `update chaves_pessoais set chave = decode(repeat('00', 60), 'hex') where usuario_id = $1`,
      [ana],
    );
    expect(await (await processo(NOVA)).selar(ana)).toHaveLength(32);
  });
});

describe('a key that somebody else has sealed since this process began', () => {
  it('is left to them: this process is the one without the master key', async () => {
    const atrasado = await processo(PERDIDA);
    const chave = await (await processo(NOVA)).selar(ana);
    await expect(atrasado.selar(ana)).rejects.toBeInstanceOf(ChaveIlegivelError);
    expect(await (await processo(NOVA)).selar(ana)).toEqual(chave);
  });

  it('is one that was sealed anew, too', async () => {
    const chave = await (await processo(PERDIDA)).selar(ana);
    const atrasado = await processo(PERDIDA);
    const { selo, selado } = seladaPor(NOVA, chave);
    await dataSource.query('update chaves_pessoais set chave = $2, selo = $3 where usuario_id = $1', [
      ...[ana, selado, selo],
    ]);
    await expect(atrasado.selar(ana)).rejects.toBeInstanceOf(ChaveIlegivelError);
    expect(await guardadas(ana)).toEqual([]);
  });
});

describe('a person who is erased', () => {
  it('leaves none of their keys behind, those kept aside neither', async () => {
    await (await processo(PERDIDA)).selar(ana);
    const auth = await processo(NOVA);
    await auth.selar(ana);
    await auth.destruir(ana);
    expect(await guardadas(ana)).toEqual([]);
    expect(await (await processo(PERDIDA)).selar(ana)).toBeUndefined();
  });

  it('leaves none behind either when one is put aside at the same moment', async () => {
    await (await processo(PERDIDA)).selar(ana);
    const auth = await processo(NOVA);
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('select 1 from chaves_pessoais where usuario_id = $1 for update', [ana]);
    const asked = [auth.selar(ana).catch(() => undefined), auth.destruir(ana)];
    await runner.commitTransaction();
    await runner.release();
    await Promise.all(asked);
    expect(await guardadas(ana)).toEqual([]);
    expect(await auth.pedir(ana)).toBe('DESTRUIDA');
  });
});

const mestra = (masterKey: Buffer) => ({ masterKey, previousMasterKey: undefined });

function seladaPor(masterKey: Buffer, chave: Buffer | undefined) {
  const selos = new Selos(mestra(masterKey), 'personal-keys');
  return { selo: selos.nome, selado: selos.seal(chave ?? Buffer.alloc(0), `personal-key:${ana}`) };
}
