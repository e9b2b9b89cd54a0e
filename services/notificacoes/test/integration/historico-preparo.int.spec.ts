import { expect, it } from '@jest/globals';
import { colecaoDe, createMongoClient } from '../../src/historico/infrastructure/mongodb/cliente.ts';
import { INDICES, preparar } from '../../src/historico/infrastructure/mongodb/preparo.ts';
import { FERRETDB, startFerretDb } from '../support/ferretdb.ts';

const teste = FERRETDB === undefined ? it.skip : it;

teste('makes collection and indexes, again too, and names what the server does not know', async () => {
  const servidor = await startFerretDb(FERRETDB as string);
  const client = createMongoClient(servidor.url);
  const passos: string[] = [];
  const uma = () => preparar(client.db(), 400, (nome, feito) => void passos.push(`${nome}: ${feito}`));
  // What FerretDB 1.24 lacks; the specs of `preparo.ts` show what is asked of MongoDB.
  const faltam = ['validator', 'index historico_fim', 'role historico_so_acrescenta'];
  expect(await uma()).toEqual(faltam);
  expect(await uma()).toEqual(faltam);
  expect(passos).toHaveLength(12);
  const indices = await colecaoDe(client).indexes();
  expect(indices.map(({ name }) => name).sort()).toEqual(['_id_', ...INDICES.map(({ name }) => name)].sort());
  await client.close();
  await servidor.stop();
});
