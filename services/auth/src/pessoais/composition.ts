import type { Logger } from '@plataforma/runtime/logger';
import { type PersonalKeys, RememberedPersonalKeys } from '@plataforma/runtime/personal-keys';
import type { RpcService } from '@plataforma/runtime/rpc';
import type { PersonalSealing } from '@plataforma/runtime/sealing';
import { autocommit } from '@plataforma/runtime/transaction';
import { Worker } from '@plataforma/runtime/worker';
import type { WorkerMetrics } from '@plataforma/runtime/worker-metrics';
import type { DataSource } from 'typeorm';
import { GetPersonalKeyHandler } from './application/get-personal-key.ts';
import type { ChavesDePessoas } from './application/ports.ts';
import { PostgresChavesPessoais, type Selo, seloDe } from './infrastructure/chaves-pessoais-repository.ts';
import { personalKeysService } from './presentation/personal-keys-service.ts';

interface Deps {
  readonly config: { readonly masterKey: Buffer; readonly previousMasterKey: Buffer | undefined };
  readonly dataSource: DataSource;
  readonly logger: Logger;
  readonly workerMetrics: WorkerMetrics;
}

const LOTE = 200;
const OLHAR_A_CADA_MS = 60_000;

/** The room: keys of people for auth's own events and for the other services, sealed again when the master key changes. */
export function createPessoais({ config, dataSource, logger, workerMetrics: metrics }: Deps): {
  selos: readonly [Selo, ...Selo[]];
  service: RpcService;
  personal: PersonalSealing;
  workers: Worker[];
} {
  const { masterKey, previousMasterKey } = config;
  const anteriores = previousMasterKey === undefined ? [] : [seloDe(previousMasterKey)];
  const selos = [seloDe(masterKey), ...anteriores] as const;
  const chaves = new PostgresChavesPessoais(autocommit(dataSource), selos);
  const worker = new Worker({
    ...{ name: 'chaves-pessoais', batch: LOTE, intervalMs: OLHAR_A_CADA_MS, logger, metrics },
    work: (limite) => chaves.selarDeNovo(limite),
  });
  return {
    selos,
    service: personalKeysService(new GetPersonalKeyHandler({ chaves })),
    // An address that nobody could be written to any more would be worth less than one that comes late.
    personal: { keys: new RememberedPersonalKeys(keysOf(chaves)), withoutKeys: 'WAITS' },
    workers: anteriores.length > 0 ? [worker] : [],
  };
}

const keysOf = (chaves: ChavesDePessoas): PersonalKeys => ({
  async keyOf(personId) {
    const chave = await chaves.chaveDe(personId);
    return typeof chave === 'string' ? undefined : chave;
  },
});
