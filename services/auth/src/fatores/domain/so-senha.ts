const VIGIA_MS = 7 * 24 * 3_600_000;

/**
 * Factors that were added to an account since then, while nothing but its password or a login was proved, may be the work of
 * whoever has stolen that. What is older its owner has been told of, and has met at every login. A link to an issuer they meet
 * at none: it has no such age.
 */
export function vigiadoDesde(em: Date): Date {
  return new Date(em.getTime() - VIGIA_MS);
}

/** Until when what the password alone does now may be undone by the owner. */
export function vigiadoAte(em: Date): Date {
  return new Date(em.getTime() + VIGIA_MS);
}
