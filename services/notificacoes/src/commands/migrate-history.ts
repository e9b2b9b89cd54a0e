/** `npm run history:migrate`: copies the history from before there was a MongoDB to it. */
import { misused, numberOption, readCommandLine } from '@plataforma/runtime/command-line';
import { loadConfig } from '@plataforma/runtime/config';
import { createDataSource } from '@plataforma/runtime/postgres';
import { commonFields } from '@plataforma/runtime/service-config';
import { autocommit } from '@plataforma/runtime/transaction';
import { type Migracao, MigrarHistoricoHandler } from '../historico/application/migrar-historico.ts';
import { PostgresFilaDeCopia } from '../historico/infrastructure/fila-de-copia.ts';
import { PostgresHistoricoAnterior } from '../historico/infrastructure/historico-anterior.ts';
import { mongodbUrl } from '../historico/infrastructure/historico-config.ts';
import { MongoArquivo } from '../historico/infrastructure/mongodb/arquivo-mongodb.ts';
import { colecaoDe, createMongoClient } from '../historico/infrastructure/mongodb/cliente.ts';

const NAME = 'history:migrate';
const INTERRUPTED = 130;

const { again = false, batch } = readCommandLine({
  name: NAME,
  help: `npm run history:migrate [-- --again] [--batch 500]

Copies the history of messages that is in PostgreSQL to MongoDB, while people work. Start it when every copy of notificacoes
runs with MONGODB_URL: what they write comes to MongoDB by itself, and this command brings what was there before. Reads
DATABASE_URL and MONGODB_URL, as the service does.

Ctrl-C ends it in good order, and whatever ends it loses nothing: the next run goes on where this one was. A record that is
there already is left alone. It says how far it is, and changes nothing in the history of PostgreSQL.

  --again      from the first record on: MongoDB was lost, or a copy of the service still ran without it
  --batch      records that go together, from 1 up
  --help       print this

Exit code 1: it failed, or MongoDB refused records (docs/runbooks/history-copy-lags.md); 130: it was interrupted.`,
  options: { again: { type: 'boolean' }, batch: { type: 'string', default: '500' } },
}).values;
const lote = numberOption(NAME, 'batch', batch, { min: 1 });
if (lote > 10_000) misused(NAME, '--batch wants at most 10000');

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

try {
  const { databaseUrl } = commonFields;
  const config = loadConfig(process.env, { databaseUrl, mongodbUrl: mongodbUrl('MONGODB_URL') });
  const { completa, copiados, recusados } = await migrate(config.databaseUrl, config.mongodbUrl);
  console.log(
    completa ? `${copiados} records are in MongoDB` : `interrupted after ${copiados} records; run it again`,
  );
  if (recusados > 0) console.error(`${NAME}: MongoDB refused ${recusados} records, which are tried again`);
  if (recusados > 0) process.exitCode = 1;
  else if (!completa) process.exitCode = INTERRUPTED;
} catch (error) {
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
  console.error(`${NAME}: ${error instanceof Error ? error.message : String(error)}${cause}`);
  process.exitCode = 1;
}

async function migrate(url: string, mongodb: string): Promise<Migracao> {
  const dataSource = createDataSource({ url, applicationName: NAME, entities: [], migrations: [] });
  const client = createMongoClient(mongodb);
  try {
    await dataSource.initialize();
    const sql = autocommit(dataSource);
    const migrar = new MigrarHistoricoHandler({
      anterior: new PostgresHistoricoAnterior(sql),
      arquivo: new MongoArquivo(colecaoDe(client)),
      fila: new PostgresFilaDeCopia(sql),
    });
    const contar = (copiados: number) => console.log(`${copiados} records`);
    return await migrar.execute({ deNovo: again, lote, parar: stop.signal, contar });
  } finally {
    await client.close();
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}
