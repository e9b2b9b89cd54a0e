/** Where a call comes from. */
export interface Origem {
  /** Network address of the client, of IPv6 the /64 network; empty when nothing is known. */
  readonly endereco: string;
  /** Browser or app as it names itself, in visible text of at most {@link MAX_DISPOSITIVO} characters; may be empty. */
  readonly dispositivo: string;
  /** Id of the call, which finds it in the logs; of no use beyond it. */
  readonly requisicao?: string;
  /** Token of a device that a login has made known, as it came with the call: not to be believed yet, and written nowhere. */
  readonly aparelho?: string;
}

export const MAX_DISPOSITIVO = 200;
