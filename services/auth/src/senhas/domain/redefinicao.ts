/** The code for an address of an account that sets a new password: a newer one takes its place. */
export interface Redefinicao {
  readonly usuarioId: string;
  /** What is kept of the code. */
  readonly codigoHash: Buffer;
  /** Address it went to. */
  readonly email: string;
  /** Of an address that the account has left: until when it may come back to it, which it does by the code. */
  readonly voltaAte: Date | undefined;
  /** So many codes the account has had. */
  readonly numero: number;
  readonly venceEm: Date;
  readonly usadoEm: Date | undefined;
  /** When {@link DE_UMA_VEZ} codes may be mailed again. */
  readonly livreEm: Date;
}

const VALE_MS = 30 * 60_000;
/**
 * So many at once, then one each time that one expires: whoever asks for them in another person's name fills no mailbox,
 * and its owner has always either a code that is good or room for the next.
 */
const DE_UMA_VEZ = 3;

/** The next code of an account; undefined when it has had enough for now. */
export function pedirRedefinicao(
  anterior: Redefinicao | undefined,
  novo: Pick<Redefinicao, 'usuarioId' | 'email' | 'voltaAte' | 'codigoHash'>,
  em: Date,
): Redefinicao | undefined {
  const livre = Math.max(em.getTime(), anterior?.livreEm.getTime() ?? 0) + VALE_MS;
  if (livre - em.getTime() > DE_UMA_VEZ * VALE_MS) return undefined;
  return {
    ...novo,
    numero: (anterior?.numero ?? 0) + 1,
    venceEm: new Date(Math.min(em.getTime() + VALE_MS, novo.voltaAte?.getTime() ?? Number.POSITIVE_INFINITY)),
    usadoEm: undefined,
    livreEm: new Date(livre),
  };
}

/** Whether the code still tells of its account, used or not. */
export function redefinicaoVale(
  { venceEm, email, voltaAte }: Redefinicao,
  conta: { email: string },
  em: Date,
): boolean {
  return em < venceEm && (voltaAte !== undefined || email === conta.email);
}
