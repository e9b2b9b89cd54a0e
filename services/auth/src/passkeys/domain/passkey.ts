/** What is known of a passkey: a key pair of which its owner's devices keep the private half. */
export interface EstadoPasskey {
  readonly id: string;
  readonly usuarioId: string;
  /** Its name among all passkeys of this site, chosen by the device. */
  readonly credencial: Buffer;
  /** How devices name its owner: random, and the same for all passkeys of an account. */
  readonly titular: Buffer;
  /** In the form of the standard (COSE). */
  readonly chavePublica: Buffer;
  /** As its owner calls it. */
  readonly nome: string;
  /** Signatures that its device says to have made; 0 where devices share it and none counts. */
  readonly contador: number;
  /** How browsers reach the device, as it has told. */
  readonly transportes: readonly string[];
  /** Whether its owner's other devices may have a copy of it, and whether they do. */
  readonly sincronizavel: boolean;
  readonly sincronizada: boolean;
  readonly criadoEm: Date;
  readonly usadoEm?: Date | undefined;
  /** Stands for the passkey where a code is asked for; only a digest is kept. */
  readonly prova?: Prova | undefined;
}

interface Prova {
  readonly impressao: Buffer;
  readonly expiraEm: Date;
}

/** What a device has said when it made a signature. */
export interface Uso {
  readonly contador: number;
  readonly sincronizada: boolean;
  /** Whether it has seen by PIN, finger or face who holds it. */
  readonly verificouPessoa: boolean;
}

/** Passkeys that an account may have. */
export const MAXIMO_DE_PASSKEYS = 10;

const PROVA_MS = 5 * 60_000;

export class Passkey {
  #estado: EstadoPasskey;

  private constructor(estado: EstadoPasskey) {
    this.#estado = estado;
  }

  static registrar(dados: Omit<EstadoPasskey, 'usadoEm' | 'prova'>): Passkey {
    return new Passkey(dados);
  }

  /** The passkey as it was stored. */
  static restaurar(estado: EstadoPasskey): Passkey {
    return new Passkey(estado);
  }

  get estado(): EstadoPasskey {
    return this.#estado;
  }

  /**
   * It has signed. False, and nothing has changed, when its counter does not go up although it counts: then there are two
   * of it, and which one this is nobody knows.
   */
  usar({ contador, sincronizada }: Uso, em: Date): boolean {
    const conta = contador > 0 || this.#estado.contador > 0;
    if (conta && contador <= this.#estado.contador) return false;
    this.#estado = { ...this.#estado, contador, sincronizada, usadoEm: em };
    return true;
  }

  /** A code stands for the signature that it has just made, in the place of one that was not used. */
  provar(impressao: Buffer, em: Date): void {
    const expiraEm = new Date(em.getTime() + PROVA_MS);
    this.#estado = { ...this.#estado, prova: { impressao, expiraEm } };
  }
}
