/** Tables of the runtime, and why nothing of them is exported. */
const DO_RUNTIME: Readonly<Record<string, string>> = {
  idempotencia: 'hashes of calls, and the names of their effects, for a day',
  inbox: 'identities of messages',
  limites_de_ids: 'about no person',
  migrations: 'about no person',
  outbox: 'copies on their way of what the other tables say, for a week',
  sessoes_encerradas:
    'that sessions have ended, for twenty minutes; auth tells of it among the security events',
  sessoes_revogadas: 'as sessoes_encerradas',
};

/** A migrated database, as far as it is looked at here. */
interface Database {
  query<T>(text: string): Promise<T>;
}

/** What was decided about the tables of a database. */
export interface Decisions {
  readonly secoes: readonly { readonly nome: string; readonly tabelas: readonly string[] }[];
  /** Tables of which nothing is exported, and why. */
  readonly fora: Readonly<Record<string, string>>;
}

/** Each table of the database, and where the export of personal data tells of it. */
export async function decisionsAbout(
  database: Database,
  { secoes, fora }: Decisions,
): Promise<{ readonly undecided: string[]; readonly gone: string[]; readonly twice: string[] }> {
  const rows: Array<{ nome: string }> = await database.query(
    `select table_name as nome from information_schema.tables where table_schema = current_schema() order by 1`,
  );
  const tables = rows.map(({ nome }) => nome);
  const told = secoes.flatMap(({ tabelas }) => tabelas);
  const left = Object.keys({ ...fora, ...DO_RUNTIME });
  return {
    undecided: tables.filter((nome) => !told.includes(nome) && !left.includes(nome)),
    gone: [...told, ...Object.keys(fora)].filter((nome) => !tables.includes(nome)),
    twice: told.filter((nome) => left.includes(nome)),
  };
}
