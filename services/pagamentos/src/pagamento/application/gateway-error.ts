/**
 * `TENTATIVA_PERDIDA`: this attempt will never be accepted any more, make another. `EM_DISPUTA`: the same, and only once the
 * customer's bank has given the money free. `RECUSADO`: the request or the credentials are wrong, operators have to look.
 */
export type FalhaDoGateway = 'TENTATIVA_PERDIDA' | 'EM_DISPUTA' | 'RECUSADO';

/** What the provider refuses. Where it is away, and it may have happened or not, it is a `ProviderAwayError`. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly falha: FalhaDoGateway;
  /** Only of a request that the provider understood and refused: its stable code. */
  readonly codigo: string | undefined;

  constructor(falha: FalhaDoGateway, message: string, options?: ErrorOptions & { codigo?: string }) {
    super(message, options);
    this.falha = falha;
    this.codigo = options?.codigo;
  }
}
