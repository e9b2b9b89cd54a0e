import type { Attempt, Attempts } from './ports.ts';

type OfAccount = Attempt & { readonly email: string };

/** An attempt as it was counted, and the seconds to wait where it was not. */
interface Begun {
  readonly attempt: OfAccount;
  readonly wait: number;
  /** Whose turn at the hashes it takes. */
  readonly quem: string;
}

/**
 * Counts an attempt as one of a known device, or else as one of whoever is in its network: who knows the password, and has not got
 * the second factor, has known devices as well, and could use up what those of the owner may.
 */
export async function beginAttempt(attempts: Pick<Attempts, 'begin'>, attempt: OfAccount): Promise<Begun> {
  const { endereco, email, aparelho } = attempt;
  if (aparelho !== undefined) {
    const wait = await attempts.begin(attempt);
    // Known devices take turns with those of their account, not with whoever shares their network.
    if (wait === 0) return { attempt, wait, quem: email };
  }
  const stranger = { endereco, email };
  return { attempt: stranger, wait: await attempts.begin(stranger), quem: endereco };
}
