/** A device stays known to an account for half a year from the last login on. */
export const CONHECIDO_SECONDS = 180 * 24 * 3_600;

/** A device that an address was logged in with, as its token proves. */
export interface Aparelho {
  readonly nome: string;
  /** Generation of the account's password then. */
  readonly geracao: number;
}

/**
 * Name of the device if the account still knows it: with a password of before somebody else may have logged in on it, who must
 * not stand beside the owner.
 */
export function conhecido(
  aparelho: Aparelho | undefined,
  conta: { readonly geracaoSenha: number } | undefined,
): string | undefined {
  return aparelho && aparelho.geracao === conta?.geracaoSenha ? aparelho.nome : undefined;
}
