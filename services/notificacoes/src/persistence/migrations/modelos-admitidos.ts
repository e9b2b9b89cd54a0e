import type { QueryRunner } from 'typeorm';

/**
 * Changes which models a message may be of; whatever else other migrations have there stays. What is there fits either list, or
 * is history by the time it is taken back: it need not be looked through.
 */
export async function admitirModelos(
  runner: QueryRunner,
  mudar: (modelos: readonly string[]) => readonly string[],
): Promise<void> {
  const [{ regra } = { regra: '' }]: Array<{ regra: string }> = await runner.query(`
    select pg_get_constraintdef(oid) as regra from pg_constraint
    where conrelid = 'notificacoes'::regclass and conname = 'notificacoes_modelo_check'`);
  const modelos = mudar([...regra.matchAll(/'([A-Z0-9_]+)'/g)].map(([, modelo = '']) => modelo));
  await runner.query(`
    alter table notificacoes
      drop constraint notificacoes_modelo_check,
      add constraint notificacoes_modelo_check
        check (modelo in (${modelos.map((modelo) => `'${modelo}'`).join(', ')})) not valid`);
}
