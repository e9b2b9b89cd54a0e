import type { Logger } from '@plataforma/runtime/logger';
import { type PersonalKeys, RememberedPersonalKeys } from '@plataforma/runtime/personal-keys';
import type { RpcService } from '@plataforma/runtime/rpc';
import type { PersonalSealing } from '@plataforma/runtime/sealing';
import { autocommit, type Sql } from '@plataforma/runtime/transaction';
import type { Worker } from '@plataforma/runtime/worker';
import type { WorkerMetrics } from '@plataforma/runtime/worker-metrics';
import { Counter, type Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { createSelador } from '../selos/composition.ts';
import { type MasterKeys, Selos } from '../selos/infrastructure/selos.ts';
import { ChaveParaSelar } from './application/chave-para-selar.ts';
import { GetPersonalKeyHandler } from './application/get-personal-key.ts';
import { PostgresChavesPessoais } from './infrastructure/chaves-pessoais-repository.ts';
import { PostgresChavesSeladas } from './infrastructure/chaves-seladas.ts';
import { personalKeysService } from './presentation/personal-keys-service.ts';

interface Deps {
  readonly config: MasterKeys;
  readonly dataSource: DataSource;
  readonly logger: Logger;
  readonly workerMetrics: WorkerMetrics;
  readonly registry: Registry;
}

/** The room: keys of people for auth's own events and for the other services, sealed again when the master key changes. */
export async function createPessoais({ config, dataSource, logger, workerMetrics, registry }: Deps): Promise<{
  selos: Selos;
  service: RpcService;
  personal: PersonalSealing;
  workers: Worker[];
}> {
  const selos = new Selos(config, 'personal-keys');
  const chaves = new PostgresChavesPessoais(autocommit(dataSource), selos);
  const segredos = (sql: Sql) => new PostgresChavesSeladas(sql);
  const paraSelar = new ChaveParaSelar({
    ...{ chaves, inicio: await agora(dataSource), perdeu: perdas(logger, registry) },
  });
  const selador = { name: 'chaves-pessoais', selos, segredos, dataSource, logger, workerMetrics };
  return {
    selos,
    service: personalKeysService(new GetPersonalKeyHandler({ chaves })),
    // An address that nobody could be written to any more would be worth less than one that comes late.
    personal: { keys: new RememberedPersonalKeys(keysOf(paraSelar)), withoutKeys: 'WAITS' },
    workers: config.previousMasterKey === undefined ? [] : [createSelador(selador)],
  };
}

const keysOf = (chaves: ChaveParaSelar): PersonalKeys => ({
  async keyOf(personId) {
    const chave = await chaves.de(personId);
    return typeof chave === 'string' ? undefined : chave;
  },
});

/** To the microsecond, as the database compares it. */
async function agora(dataSource: DataSource): Promise<string> {
  const [row]: [{ agora: string }] = await dataSource.query('select clock_timestamp()::text as agora');
  return row.agora;
}

function perdas(logger: Logger, registry: Registry) {
  const substituidas = new Counter({
    name: 'chaves_pessoais_substituidas_total',
    help: 'Keys of people that no master key opened and that were replaced.',
    registers: [registry],
  });
  return (usuarioId: string, err: Error) => {
    substituidas.inc();
    logger.error({ err, usuarioId }, 'the key of a person is lost, they have a new one');
  };
}
