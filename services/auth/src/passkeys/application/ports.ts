import type { Transacao as DaAuditoria } from '../../auditoria/application/ports.ts';
import type { Transacao as DosAvisos } from '../../avisos/application/ports.ts';
import type { Transacao as DasContas } from '../../contas/application/ports.ts';
import type { Transacao as DosFatores } from '../../fatores/application/ports.ts';
import type { EstadoPasskey, Passkey, Uso } from '../domain/passkey.ts';

/** What a challenge was made for: its answer is good for nothing else. */
export type Desafio =
  | {
      readonly finalidade: 'REGISTRO';
      readonly usuarioId: string;
      /** Generation of the account's sessions at that time. */
      readonly geracao: number;
      /** The name of the account at its devices, base64url. */
      readonly titular: string;
    }
  | { readonly finalidade: 'LOGIN' }
  | { readonly finalidade: 'SEGUNDO_FATOR' | 'PROVA'; readonly usuarioId: string };

/** Challenges that wait for their answer; each is answered once. */
export interface Desafios {
  /** Answers the challenge: random, base64url. */
  open(desafio: Desafio): Promise<string>;
  /** Undefined when there is none; after it there is none. */
  take(valor: string): Promise<Desafio | undefined>;
}

/** How a passkey is named to browsers. */
export type Credencial = Pick<EstadoPasskey, 'credencial' | 'transportes'>;

/** What a browser has sent, in the right form and not to be believed yet. */
export interface Lida {
  /** The challenge that it says to answer. */
  readonly desafio: string;
  readonly credencial: Buffer;
}

/** The answer of a device that has made a passkey. */
export interface RegistroLido extends Lida {
  readonly clientDataJSON: string;
  readonly attestationObject: string;
  readonly transportes: readonly string[];
}

/** The answer of a device that has signed with one. */
export interface AssinaturaLida extends Lida {
  readonly clientDataJSON: string;
  readonly authenticatorData: string;
  readonly signature: string;
  /** How the device names the owner; undefined when it does not. */
  readonly titular: Buffer | undefined;
}

/** What a device has made. */
export type CredencialNova = Pick<
  EstadoPasskey,
  'credencial' | 'chavePublica' | 'contador' | 'transportes' | 'sincronizavel' | 'sincronizada'
>;

/** Web Authentication, as this site speaks it: the JSON that browsers take and give, and what it proves. */
export interface WebAuthn {
  opcoesDeRegistro(dados: {
    readonly desafio: string;
    readonly titular: Buffer;
    readonly email: string;
    readonly nome: string;
    /** Those that the account has: a device with one of them makes no other. */
    readonly existentes: readonly Credencial[];
  }): Promise<string>;
  /** @param dados.permitidas of one account; left out, whichever the browser has. */
  opcoesDeLogin(dados: {
    readonly desafio: string;
    readonly permitidas?: readonly Credencial[];
    /** Whether nothing else is asked for: its device has to verify who holds it. */
    readonly unica: boolean;
  }): Promise<string>;
  /** Undefined for a text in any other form. */
  lerRegistro(json: string): RegistroLido | undefined;
  lerAssinatura(json: string): AssinaturaLida | undefined;
  /** The passkey, if it was made for this site and the challenge that the answer names. */
  conferirRegistro(lido: RegistroLido): Promise<CredencialNova | undefined>;
  /** What the device says, if the key has signed it for this site and the challenge that the answer names. */
  conferirAssinatura(lida: AssinaturaLida, chavePublica: Buffer): Promise<Uso | undefined>;
}

/** Passkeys, as they are read outside of transactions. */
export interface ConsultaDePasskeys {
  /** Newest first. */
  doUsuario(usuarioId: string): Promise<readonly Passkey[]>;
}

/** Passkeys, as one transaction changes them. */
export interface PasskeysRepository extends ConsultaDePasskeys {
  /** Held until the transaction ends: of two signatures at once the second one sees the counter of the first. */
  comCredencial(credencial: Buffer): Promise<Passkey | undefined>;
  /**
   * False when the credential is registered, by whomever.
   *
   * @param soSenha no factor was proved for it that was there before
   */
  add(passkey: Passkey, soSenha: boolean): Promise<boolean>;
  save(passkey: Passkey): Promise<void>;
  /** False when the person has no such passkey. */
  remover(usuarioId: string, id: string): Promise<boolean>;
}

/** What nobody can guess. */
export interface Aleatorios {
  /** Identity of a passkey. */
  id(): string;
  /** How devices are to name the owner of an account. */
  titular(): Buffer;
  /** A code that stands for a signature. */
  prova(): string;
}

/** What one transaction sees. */
export type Transacao = DasContas &
  DosFatores &
  DosAvisos &
  DaAuditoria & { readonly passkeys: PasskeysRepository };
