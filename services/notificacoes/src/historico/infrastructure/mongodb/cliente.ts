import { type Collection, MongoClient } from 'mongodb';
import type { Documento } from './documento.ts';

/** Name of the collection; its database is the one that MONGODB_URL names. */
export const COLECAO = 'historico';

/** The wait for a server, for a connection and for the acknowledgement; and that for an answer, which may be asked for twice. */
const ESPERA_MS = 2_000;
const RESPOSTA_MS = 5_000;

/**
 * A client with bounds: of connections, and of each wait. `timeoutMS`, which would bound all of them together, has no effect in
 * this driver. A write is acknowledged when the majority of the replica set has it in its journal. It connects with its first
 * operation.
 */
export function createMongoClient(url: string): MongoClient {
  return new MongoClient(url, {
    appName: 'notificacoes',
    maxPoolSize: 10,
    maxConnecting: 2,
    maxIdleTimeMS: 60_000,
    waitQueueTimeoutMS: ESPERA_MS,
    serverSelectionTimeoutMS: ESPERA_MS,
    connectTimeoutMS: ESPERA_MS,
    socketTimeoutMS: RESPOSTA_MS,
    retryWrites: true,
    retryReads: true,
    writeConcern: { w: 'majority', journal: true, wtimeoutMS: ESPERA_MS },
    readConcern: { level: 'majority' },
  });
}

export const colecaoDe = (client: MongoClient): Collection<Documento> =>
  client.db().collection<Documento>(COLECAO);
