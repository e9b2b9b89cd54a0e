/** Who a token speaks for. */
export type TokenSubject =
  | {
      readonly tipo: 'acesso';
      readonly sub: string;
      readonly papeis: readonly string[];
      readonly sessaoId: string;
      readonly geracao: number;
      /** When and how they proved who they are (`auth_time`, `amr`). */
      readonly autenticadoEm: Date;
      readonly metodos: readonly string[];
    }
  | { readonly tipo: 'servico'; readonly sub: string; readonly audiencia: string };

/** Signs access tokens with the active key. */
export interface TokenIssuer {
  issue(subject: TokenSubject): Promise<{ token: string; expiresInSeconds: number }>;
}

/** The public halves of the keys whose tokens may still be alive, as a JWK set (RFC 7517). */
export interface PublicKeys {
  publicKeys(): Promise<{ readonly keys: readonly object[] }>;
}
