/** A source of records as services list them. */
interface Section {
  readonly nome: string;
  ler(
    usuarioId: string,
    depoisDe: string,
    maximo: number,
  ): Promise<ReadonlyArray<{ readonly chave: string; readonly registro: object }>>;
}

/** All records of a person in one section, read in pages of this size. */
export async function recordsOf(section: Section, usuarioId: string, size: number): Promise<object[]> {
  const records: object[] = [];
  for (let depoisDe = ''; ; ) {
    const page = await section.ler(usuarioId, depoisDe, size);
    if (page.length > size) throw new Error(`${section.nome} answers more than it was asked for`);
    records.push(...page.map(({ registro }) => registro));
    const last = page.at(-1);
    if (page.length < size || !last) return records;
    depoisDe = last.chave;
  }
}

/** All that the sections tell of a person, in pages of two, so that each goes on from a key of its own. */
export async function allAbout(
  sections: readonly Section[],
  usuarioId: string,
): Promise<Record<string, object[]>> {
  const told: Record<string, object[]> = {};
  for (const section of sections) told[section.nome] = await recordsOf(section, usuarioId, 2);
  return told;
}
