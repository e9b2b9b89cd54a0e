/**
 * `npm run projections:rebuild`: writes every table that is read anew from the events. Nothing is lost while
 * the service runs, but what it would write meanwhile fails after 5 s and is tried again.
 */
import { readCommandLine } from '@plataforma/runtime/command-line';
import { reconstruirProjecoes } from '../livro/infrastructure/reconstruir-projecoes.ts';
import { withDatabase } from './with-database.ts';

readCommandLine({
  name: 'projections:rebuild',
  help: `npm run projections:rebuild

Writes every table that is read anew from the events. What the service would write meanwhile fails after 5 seconds and is
tried again.`,
});

await withDatabase('projections:rebuild', async (dataSource) => {
  const inicio = performance.now();
  const pagamentos = await reconstruirProjecoes(dataSource);
  console.log(`${pagamentos} payments rebuilt in ${Math.round(performance.now() - inicio)} ms`);
  return true;
});
