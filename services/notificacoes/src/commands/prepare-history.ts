/** `npm run history:prepare`: makes what the history needs in MongoDB, by somebody who owns the database. */
import { readCommandLine } from '@plataforma/runtime/command-line';
import { loadConfig } from '@plataforma/runtime/config';
import { historicoFields, mongodbUrl } from '../historico/infrastructure/historico-config.ts';
import { createMongoClient } from '../historico/infrastructure/mongodb/cliente.ts';
import { preparar } from '../historico/infrastructure/mongodb/preparo.ts';

const NAME = 'history:prepare';

readCommandLine({
  name: NAME,
  help: `npm run history:prepare

Makes the collection of the history in MongoDB, with its validator and indexes, the one that ends old records among them, and
the role that notificacoes needs: to find and to insert, and nothing else. Reads MONGODB_ADMIN_URL, of an account that owns
the database that it names, and HISTORY_RETENTION_DAYS. Run it before the service gets its MONGODB_URL, and again after a
release that says so: what is so already stays.

Exit code 1: it failed, or the server does not know all that is needed, and then it says what.`,
});

try {
  const { historyRetentionDays } = historicoFields;
  const fields = { url: mongodbUrl('MONGODB_ADMIN_URL'), historyRetentionDays };
  const config = loadConfig(process.env, fields);
  const client = createMongoClient(config.url);
  try {
    const faltam = await preparar(client.db(), config.historyRetentionDays, (nome, feito) =>
      console.log(`${nome}: ${feito ? 'done' : 'this server does not know it'}`),
    );
    if (faltam.length > 0) process.exitCode = 1;
  } finally {
    await client.close();
  }
} catch (error) {
  console.error(`${NAME}: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
