import type { Result } from '@plataforma/domain/result';
import type { EventoDeSeguranca } from '../../auditoria/domain/evento-de-seguranca.ts';
import type { TipoAviso } from '../../avisos/domain/aviso.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { MuitasTentativasError } from '../../credenciais/domain/recusa.ts';
import type { Fator } from '../domain/fator.ts';
import type { MfaCodigoInvalidoError, MfaCodigoNecessarioError } from '../domain/recusa.ts';

/** By what a second factor was proved, as `amr` of a token names it. */
export type MetodoDoFator = 'otp' | 'rec' | 'pop';

/** Second factors of accounts and their recovery codes, as one transaction changes them. */
export interface FatoresRepository {
  /**
   * The account's factor, active or in set-up, held until the transaction ends: of two that bring one code the second
   * one sees that it is used.
   */
  doUsuario(usuarioId: string): Promise<Fator | undefined>;
  /**
   * A new set-up in place of one that was not finished; false, and nothing done, when the factor is active.
   *
   * @param soSenha no factor was proved for it that was there before
   */
  configurar(fator: Fator, soSenha: boolean): Promise<boolean>;
  save(fator: Fator): Promise<void>;
  /** Whether the account has an active one. */
  temAtivo(usuarioId: string): Promise<boolean>;
  /** The factor goes, and with it the recovery codes, unless the account has a factor of another kind; whether an active one has gone. */
  remover(usuarioId: string): Promise<boolean>;
  /** Whether there is a factor, of any kind, that was not added by the password alone, or not since then. */
  temFirme(usuarioId: string, desde: Date): Promise<boolean>;
  /** The factor goes if it was added since then by the password alone; whether an active one has gone. */
  removerSoSenha(usuarioId: string, desde: Date): Promise<boolean>;
  /** Recovery codes go when no factor is left that they could stand for. */
  esquecerCodigosSemFator(usuarioId: string): Promise<void>;
  /** In place of those that the account has. */
  guardarCodigos(usuarioId: string, impressoes: readonly Buffer[]): Promise<void>;
  /** Uses a recovery code up; false when the account has no such code, or has used it. */
  usarCodigo(usuarioId: string, impressao: Buffer, em: Date): Promise<boolean>;
  /** Whether the account has been given this recovery code with the factor it has now. */
  temCodigo(usuarioId: string, impressao: Buffer): Promise<boolean>;
}

/** Factors of other kinds than an app, as one transaction uses them. */
export interface OutrosFatores {
  tem(usuarioId: string): Promise<boolean>;
  /** Uses up the code that a factor of the account was proved with; false when there is none, or it is too old. */
  usarProva(usuarioId: string, impressao: Buffer, em: Date): Promise<boolean>;
  /** Whether there were any. */
  removerTodos(usuarioId: string): Promise<boolean>;
  /** Those go that were added since then by the password alone; whether there were any. */
  removerSoSenha(usuarioId: string, desde: Date): Promise<boolean>;
}

/** Secrets for apps. */
export interface Segredos {
  /** One that cannot be guessed, and the identity of the factor that it is for. */
  novo(): { readonly id: string; readonly segredo: Buffer };
}

/** Codes for the day the telephone is lost. */
export interface CodigosDeRecuperacao {
  /** Ten of them, and the seed that they come from: for as long as the call that makes them may be repeated. */
  novos(): { readonly semente: string; readonly codigos: readonly string[] };
  deSemente(semente: string): readonly string[];
  /** What is kept of a code. */
  impressao(codigo: string): Buffer;
}

/** Recovery codes of an account as they are now. */
export interface ConsultaDeCodigos {
  /** How many were not used yet. */
  restantes(usuarioId: string): Promise<number>;
}

/** What a person brings to prove the second factor. */
export interface Prova {
  readonly usuarioId: string;
  /** Of the app, a recovery code, or what stands for a passkey, as it was given; empty when none was. */
  readonly codigo: string;
  readonly origem: Origem;
  readonly em: Date;
  /** What is recorded as refused when the code is not taken: what it was asked for, and who has brought it, if that is known. */
  readonly recusa: Pick<EventoDeSeguranca, 'tipo' | 'detalhe' | 'autorId'>;
}

export type ProvaRecusada = MfaCodigoInvalidoError | MfaCodigoNecessarioError | MuitasTentativasError;

/**
 * Asks for the second factor in the transaction that needs the proof: before who gets into an account is changed its
 * owner is asked for (`ConfirmOwner`), and then this.
 */
export interface SegundoFator {
  /**
   * Uses the code up, exactly if the transaction is committed; undefined when the account has no factor. What was wrong
   * is counted and recorded only if the work ends with the refusal as its `Result`.
   */
  provar(prova: Prova): Promise<Result<MetodoDoFator | undefined, ProvaRecusada>>;
  /**
   * Whether the password alone, or a login alone, is all that is proved of the account's owner, whatever factors they have:
   * those that were themselves added so in the last days prove no more. Whatever is added then is remembered as such.
   */
  soSenha(usuarioId: string, em: Date): Promise<boolean>;
  /** The account has no factor of any kind any more, and no recovery codes; answers what its owner may be told. */
  retirar(usuarioId: string): Promise<readonly TipoAviso[]>;
  /**
   * Factors go that were added in the last days by the password alone, and the recovery codes when none is left; answers
   * what their owner is to be told.
   */
  retirarSoSenha(usuarioId: string, em: Date): Promise<readonly TipoAviso[]>;
}

/** What one transaction sees. */
export interface Transacao {
  readonly fatores: FatoresRepository;
  readonly segundoFator: SegundoFator;
}
