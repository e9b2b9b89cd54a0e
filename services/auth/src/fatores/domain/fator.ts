import { Result } from '@plataforma/domain/result';
import { MuitasTentativasError } from '../../credenciais/domain/recusa.ts';
import { MfaCodigoInvalidoError, MfaConfiguracaoAusenteError } from './recusa.ts';

/** What is known of an account's authenticator app. */
export interface EstadoFator {
  readonly id: string;
  readonly usuarioId: string;
  /** Shared with the app. */
  readonly segredo: Buffer;
  readonly criadoEm: Date;
  /** Undefined until the first right code. */
  readonly ativadoEm?: Date | undefined;
  /** Time step of the last code that was taken: neither it nor an earlier one is taken again. */
  readonly ultimoPasso?: number | undefined;
  /** Wrong codes in a row. */
  readonly falhas: number;
  /** No code is heard before. */
  readonly esperarAte?: Date | undefined;
}

/** Computes codes of time steps (RFC 6238). */
export interface Totp {
  /** The time step near the instant that the six digits belong to; of several the latest. */
  passoDe(segredo: Buffer, digitos: string, em: Date): number | undefined;
}

/** An unfinished set-up is void after this time, or after so many wrong codes. */
const CONFIGURACAO_MS = 15 * 60_000;
const CODIGOS_NA_CONFIGURACAO = 5;

/** Wrong codes in a row that cost nothing; each one more doubles the wait for the next. */
const FALHAS_LIVRES = 5;
const PRIMEIRA_ESPERA_MS = 60_000;
const MAIOR_ESPERA_MS = 24 * 3_600_000;

/**
 * An authenticator app as second factor. A code is good once. Only those who know the password get here, and whoever of
 * them has not got the app is soon down to a guess a day.
 */
export class Fator {
  #estado: EstadoFator;

  private constructor(estado: EstadoFator) {
    this.#estado = estado;
  }

  /** The set-up begins; nothing is asked for at login before it is activated. */
  static configurar(dados: { id: string; usuarioId: string; segredo: Buffer; em: Date }): Fator {
    const { id, usuarioId, segredo, em } = dados;
    return new Fator({ id, usuarioId, segredo, criadoEm: em, falhas: 0 });
  }

  /** The factor as it was stored. */
  static restaurar(estado: EstadoFator): Fator {
    return new Fator(estado);
  }

  get estado(): EstadoFator {
    return this.#estado;
  }

  get ativo(): boolean {
    return this.#estado.ativadoEm !== undefined;
  }

  /** The app shows that it has the secret. */
  ativar(
    digitos: string | undefined,
    totp: Totp,
    em: Date,
  ): Result<void, MfaConfiguracaoAusenteError | MfaCodigoInvalidoError> {
    const { criadoEm, falhas, segredo } = this.#estado;
    const vencida = em.getTime() >= criadoEm.getTime() + CONFIGURACAO_MS;
    if (vencida || falhas >= CODIGOS_NA_CONFIGURACAO) return Result.fail(new MfaConfiguracaoAusenteError());
    const passo = digitos === undefined ? undefined : totp.passoDe(segredo, digitos, em);
    if (passo === undefined) {
      this.#estado = { ...this.#estado, falhas: falhas + 1 };
      return Result.fail(new MfaCodigoInvalidoError());
    }
    this.#estado = { ...this.#estado, ativadoEm: em, ultimoPasso: passo, falhas: 0 };
    return Result.ok(undefined);
  }

  /** A code of the app is used up. */
  usar(digitos: string, totp: Totp, em: Date): Result<void, MuitasTentativasError | MfaCodigoInvalidoError> {
    const { segredo, esperarAte, ultimoPasso = -1 } = this.#estado;
    const espera = (esperarAte?.getTime() ?? 0) - em.getTime();
    if (espera > 0) return Result.fail(new MuitasTentativasError(Math.ceil(espera / 1_000)));
    const passo = totp.passoDe(segredo, digitos, em);
    if (passo === undefined || passo <= ultimoPasso) {
      this.#falhar(em);
      return Result.fail(new MfaCodigoInvalidoError());
    }
    this.#estado = { ...this.#estado, ultimoPasso: passo, falhas: 0, esperarAte: undefined };
    return Result.ok(undefined);
  }

  #falhar(em: Date): void {
    const falhas = this.#estado.falhas + 1;
    const espera = Math.min(PRIMEIRA_ESPERA_MS * 2 ** (falhas - FALHAS_LIVRES), MAIOR_ESPERA_MS);
    const esperarAte = falhas < FALHAS_LIVRES ? undefined : new Date(em.getTime() + espera);
    this.#estado = { ...this.#estado, falhas, esperarAte };
  }
}
