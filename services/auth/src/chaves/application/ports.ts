import type { Chave, Chaves } from '../domain/rotacao.ts';

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
  | {
      /** A program, by an API key of the person. */
      readonly tipo: 'chave';
      readonly sub: string;
      readonly papeis: readonly string[];
      readonly escopos: readonly string[];
      readonly chaveId: string;
      readonly geracao: number;
      /** When the key ends: the token does not outlive it. */
      readonly ate: Date;
    }
  | { readonly tipo: 'servico'; readonly sub: string; readonly audiencia: string | readonly string[] };

/** Signs access tokens with the active key. */
export interface TokenIssuer {
  issue(subject: TokenSubject): Promise<{ token: string; expiresInSeconds: number }>;
}

/** The public halves of the keys whose tokens may still be alive, as a JWK set (RFC 7517). */
export interface PublicKeys {
  publicKeys(): Promise<{ readonly keys: readonly object[] }>;
}

/** What auth signs beside tokens. */
export type TipoDeDeclaracao = 'exportacao+jws';

/** Signs statements of auth with the active key. */
export interface StatementSigner {
  sign(typ: TipoDeDeclaracao, statement: object): Promise<string>;
}

/** A key that can sign; its private half is for nothing else. */
export interface SigningKey {
  readonly kid: string;
  /** An access token with these claims. */
  sign(claims: object): string;
  /** A statement of auth that is no token: a JWS (RFC 7515) of this `typ`, which is never that of a token. */
  signStatement(typ: TipoDeDeclaracao, statement: object): string;
}

/** The keys of auth. Several replicas use them at once; each change is one transaction and can be repeated. */
export interface ChavesRepository {
  emUso(): Promise<Chaves>;
  /** The key that signs; made where there is none. */
  ativa(): Promise<SigningKey>;
  /** Undefined once it has become another thing than the next one. */
  proxima(kid: string): Promise<SigningKey | undefined>;
  /** The next key; made where there is none. It is published from now on. */
  criarProxima(): Promise<Chave>;
  /** The next key signs, the active one is retired: its private half is gone, its public one published until its tokens have ended. */
  ativar(kid: string): Promise<void>;
  /** No key that there is signs or is published any more; a new one signs. */
  recolherTodas(): Promise<Chave>;
  /** Forgets retired keys of which no token can be alive; how many there were. */
  esquecerVencidas(): Promise<number>;
}

/** What one address answered to a token. */
export interface RespostaAoCanario {
  readonly endereco: string;
  readonly aceito: boolean;
  /** What was answered instead. */
  readonly resposta: string;
}

/** Tries a key where its tokens will be used: at the edge, and through it in each service. */
export interface Canario {
  experimentar(chave: SigningKey): Promise<readonly RespostaAoCanario[]>;
}
