import type { Transacao as DosAvisos } from '../../avisos/application/ports.ts';
import type { Transacao as DasContas } from '../../contas/application/ports.ts';
import type { Transacao as DosFatores } from '../../fatores/application/ports.ts';
import type { Identidade } from '../domain/identidade.ts';

/** What makes an answer of the issuer belong to one attempt: random, and known to nobody but this service. */
export interface Segredos {
  /** Comes back in the ID token. */
  readonly nonce: string;
  /** Of PKCE (RFC 7636): only who has it can trade the code in. */
  readonly verifier: string;
}

/** An attempt that waits for the browser to come back. */
export interface Tentativa extends Segredos {
  /** Comes back in the query. */
  readonly state: string;
  readonly redirectUri: string;
}

/** Who may end an attempt. */
export interface Dono {
  /** What only the browser has that began it; nothing but its digest is kept. */
  readonly navegador: string;
  /** The account that is to be linked, at this generation of its sessions; left out, it is an attempt to log in. */
  readonly conta?: { readonly usuarioId: string; readonly geracao: number };
}

/** Attempts to log in or to link: each belongs to one browser, and to one account if it is to link it, and is used once. */
export interface Tentativas {
  open(redirectUri: string, dono: Dono): Promise<Tentativa>;
  /** Undefined when there is none; one of another owner stays as it is, for them. */
  take(state: string, dono: Dono): Promise<Tentativa | undefined>;
  /** Makes one that was taken good again for a minute. */
  putBack(tentativa: Tentativa, dono: Dono): Promise<void>;
}

/** What the issuer has given the browser. */
export interface RespostaDoEmissor {
  readonly code: string;
  /** Empty when it does not name itself. */
  readonly iss: string;
}

/** The OpenID Connect issuer. Both throw while it is away. */
export interface Emissor {
  /** The address of its consent page. */
  authorizationUrl(tentativa: Tentativa): Promise<string>;
  /** Who is at the browser; undefined when the issuer does not confirm it, or confirms it for another attempt. */
  identify(resposta: RespostaDoEmissor, tentativa: Tentativa): Promise<Identidade | undefined>;
}

/** Which account is entered by whom. */
export interface ConsultaDeVinculos {
  /** The account that is linked. */
  contaDe(identidade: Pick<Identidade, 'emissor' | 'sujeito'>): Promise<string | undefined>;
}

/** Links, as one transaction changes them. */
export interface VinculosRepository extends ConsultaDeVinculos {
  /** Nobody else links this identity until the transaction ends: what is read of it after this stays true. */
  hold(identidade: Pick<Identidade, 'emissor' | 'sujeito'>): Promise<void>;
  /**
   * False when the account is linked to another one of this issuer. `soSenha`: the link was added to an account that was
   * there, and no factor was proved for it that was there before.
   */
  add(
    usuarioId: string,
    identidade: Identidade,
    como: { readonly em: Date; readonly soSenha: boolean },
  ): Promise<boolean>;
  /** False when the account is linked to nobody. */
  remover(usuarioId: string): Promise<boolean>;
  /** Those go that were added by the password alone, or from then on by anything; whether there were any. */
  removerSoSenha(usuarioId: string, tudoDesde?: Date): Promise<boolean>;
}

/** What one transaction sees. */
export interface TransacaoDosVinculos {
  readonly vinculos: VinculosRepository;
}

export type Transacao = DasContas & DosAvisos & DosFatores & TransacaoDosVinculos;
