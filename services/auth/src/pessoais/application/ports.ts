/** The key of a person, under which personal data in events travels; `DESTRUIDA` is for good, `DESCONHECIDA` nobody's. */
export type ChaveDePessoa = Buffer | 'DESTRUIDA' | 'DESCONHECIDA';

/** The key of one person is there, and cannot be opened: its master key is lost, or its row was changed. */
export class ChaveIlegivelError extends Error {
  override readonly name = 'ChaveIlegivelError';
}

/** Keys of people, to be found. */
export interface ChavesDePessoas {
  /**
   * Made when it is first needed; never for somebody whose key was destroyed. 32 bytes. Where it cannot be opened and one that
   * was kept aside can, that one is the key again.
   *
   * @throws ChaveIlegivelError
   */
  chaveDe(usuarioId: string): Promise<ChaveDePessoa>;
}

/** Keys of people, for whoever seals with them. */
export interface ChavesParaSelar extends ChavesDePessoas {
  /**
   * Gives a person whose key cannot be opened another one, and keeps the old one aside as it is. False, and nothing has changed,
   * when it was sealed later than that or can be opened: several may try at once.
   *
   * @param seladaAntesDe an instant of the database, in its words
   */
  substituirIlegivel(usuarioId: string, seladaAntesDe: string): Promise<boolean>;
}

/** Keys of people, as one transaction changes them. */
export interface ChavesPessoais {
  /**
   * Destroys the key of a person for good, also one that was never made: what any event says about them cannot be read any
   * more, wherever it is, within five minutes of the commit. Events about them that have not left yet, those of this
   * transaction too, leave without their personal data. May be repeated.
   */
  destruir(usuarioId: string, em: Date): Promise<void>;
}

/** What one transaction sees. */
export interface Transacao {
  readonly chavesPessoais: ChavesPessoais;
}
