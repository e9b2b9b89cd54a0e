import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import { createDataSource } from '@plataforma/runtime/postgres';
import type { RpcService } from '@plataforma/runtime/rpc';
import type { Background, ServiceDeps } from '@plataforma/runtime/service';
import type { DataSource } from 'typeorm';
import { comMarcasDoAutor } from './chamadas.ts';
import { Leituras, PRAZO_DA_REPLICA_MS } from './leituras.ts';
import { doEspaco, Marcas } from './marcas.ts';

interface Deps {
  /** Undefined: everything is read from the primary. */
  readonly url: string | undefined;
  readonly poolSize: number;
  readonly primario: DataSource;
  readonly redis: ServiceDeps<unknown>['redis'];
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'registry'>;
}

/** Where the queries read, and what keeps them true for who has just written. */
export interface Leitura {
  readonly banco: Pick<DataSource, 'query'>;
  servicos(services: readonly RpcService[]): RpcService[];
  /** To be called after the commit, before anybody is sent to read the spaces again. */
  mudaram(espacoIds: Iterable<string>): Promise<void>;
  readonly background: readonly Background[];
}

/** Composition of the read replica. */
export function createLeitura({ url, poolSize, primario, redis, logger, metrics }: Deps): Leitura {
  if (url === undefined)
    return {
      banco: primario,
      servicos: (services) => [...services],
      mudaram: async () => {},
      background: [],
    };
  const replica = createDataSource({
    ...{ url, poolSize, entities: [], migrations: [], applicationName: 'reservas-leitura' },
    statementTimeoutMs: PRAZO_DA_REPLICA_MS,
    onConnectionError: (error) => logger.warn({ err: error }, 'a connection to the read replica was lost'),
  });
  const marcas = new Marcas({ primario, redis, logger });
  const leituras = new Leituras({ primario, replica, marcas, logger, metrics });
  return {
    banco: leituras,
    servicos: (services) => services.map((service) => comMarcasDoAutor(service, marcas)),
    mudaram: (espacoIds) => marcas.avancar([...espacoIds].map(doEspaco)),
    background: [{ name: 'read replica', start: async () => {}, stop: () => leituras.close() }],
  };
}
