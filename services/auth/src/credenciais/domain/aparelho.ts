/** A device stays known to an account for half a year from the last login on. */
export const CONHECIDO_SECONDS = 180 * 24 * 3_600;

/** A device that an address was logged in with, as its token proves. */
export interface Aparelho {
  readonly nome: string;
  /** Which account that was, and with which of its passwords: in a few letters that tell nobody whose it is. */
  readonly dono: string;
}

/** An account with its present password: an address may be another account's tomorrow. */
export interface DonoDeAparelho {
  readonly id: string;
  readonly geracaoSenha: number;
}

/**
 * Name of the device if the account still knows it: with a password of before somebody else may have logged in on it, or to an
 * account of before that had the address, who must not stand beside the owner.
 */
export function conhecido(
  aparelho: Aparelho | undefined,
  dono: Aparelho['dono'] | undefined,
): string | undefined {
  return aparelho?.dono === dono ? aparelho?.nome : undefined;
}
