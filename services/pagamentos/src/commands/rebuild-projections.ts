/**
 * `npm run projections:rebuild`: writes every table that is read anew from the events. Nothing is lost while
 * the service runs, but what it would write meanwhile fails after 5 s and is tried again.
 */
import { reconstruirProjecoes } from '../infrastructure/persistence/reconstruir-projecoes.ts';
import { withDatabase } from './with-database.ts';

await withDatabase('projections:rebuild', async (dataSource) => {
  const inicio = performance.now();
  const pagamentos = await reconstruirProjecoes(dataSource);
  console.log(`${pagamentos} payments rebuilt in ${Math.round(performance.now() - inicio)} ms`);
  return true;
});
