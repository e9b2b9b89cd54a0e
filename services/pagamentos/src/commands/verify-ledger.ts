/** `npm run ledger:verify`: recomputes the hash chain of every payment, its projections and the credit; exit code 1 if anything is off. */
import { readCommandLine } from '@plataforma/runtime/command-line';
import { verificarLivro } from '../livro/infrastructure/ledger-verifier.ts';
import { withDatabase } from './with-database.ts';

readCommandLine({
  name: 'ledger:verify',
  help: `npm run ledger:verify

Recomputes the hash chain of every payment, compares its projections and the credit with the events, and writes nothing.
Exit code 1 if anything is off.`,
});

await withDatabase('ledger:verify', async (dataSource) => {
  const { fluxos, eventos, defeitos } = await verificarLivro(dataSource);
  for (const { fluxo, versao, problema } of defeitos) console.log(`${fluxo} version ${versao}: ${problema}`);
  const veredito = defeitos.length === 0 ? 'nothing was tampered with' : `${defeitos.length} problems`;
  console.log(`${eventos} events of ${fluxos} payments: ${veredito}`);
  return defeitos.length === 0;
});
