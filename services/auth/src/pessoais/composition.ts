import type { Logger } from '@plataforma/runtime/logger';
import { type PersonalKeys, RememberedPersonalKeys } from '@plataforma/runtime/personal-keys';
import type { RpcService } from '@plataforma/runtime/rpc';
import type { PersonalSealing } from '@plataforma/runtime/sealing';
import { autocommit, type Sql } from '@plataforma/runtime/transaction';
import type { Worker } from '@plataforma/runtime/worker';
import type { WorkerMetrics } from '@plataforma/runtime/worker-metrics';
import type { DataSource } from 'typeorm';
import { createSelador } from '../selos/composition.ts';
import { type MasterKeys, Selos } from '../selos/infrastructure/selos.ts';
import { GetPersonalKeyHandler } from './application/get-personal-key.ts';
import type { ChavesDePessoas } from './application/ports.ts';
import { PostgresChavesPessoais } from './infrastructure/chaves-pessoais-repository.ts';
import { PostgresChavesSeladas } from './infrastructure/chaves-seladas.ts';
import { personalKeysService } from './presentation/personal-keys-service.ts';

interface Deps {
  readonly config: MasterKeys;
  readonly dataSource: DataSource;
  readonly logger: Logger;
  readonly workerMetrics: WorkerMetrics;
}

/** The room: keys of people for auth's own events and for the other services, sealed again when the master key changes. */
export function createPessoais({ config, dataSource, logger, workerMetrics }: Deps): {
  selos: Selos;
  service: RpcService;
  personal: PersonalSealing;
  workers: Worker[];
} {
  const selos = new Selos(config, 'personal-keys');
  const chaves = new PostgresChavesPessoais(autocommit(dataSource), selos);
  const segredos = (sql: Sql) => new PostgresChavesSeladas(sql);
  const selador = { name: 'chaves-pessoais', selos, segredos, dataSource, logger, workerMetrics };
  return {
    selos,
    service: personalKeysService(new GetPersonalKeyHandler({ chaves })),
    // An address that nobody could be written to any more would be worth less than one that comes late.
    personal: { keys: new RememberedPersonalKeys(keysOf(chaves)), withoutKeys: 'WAITS' },
    workers: config.previousMasterKey === undefined ? [] : [createSelador(selador)],
  };
}

const keysOf = (chaves: ChavesDePessoas): PersonalKeys => ({
  async keyOf(personId) {
    const chave = await chaves.chaveDe(personId);
    return typeof chave === 'string' ? undefined : chave;
  },
});
