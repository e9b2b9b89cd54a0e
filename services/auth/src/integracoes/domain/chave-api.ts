import type { Papel } from '../../contas/domain/usuario.ts';

/** What is known of an API key: programs act by it in the name of the account that made it. */
export interface EstadoChaveApi {
  readonly id: string;
  readonly usuarioId: string;
  /** As its owner calls it. */
  readonly nome: string;
  readonly escopos: readonly string[];
  /** What its owner might do in the session that made it: the key never may more. */
  readonly papeis: readonly Papel[];
  /** Whether nothing but the password of the account, or a login, was proved when its secret was made. */
  readonly soSenha: boolean;
  /** What is kept of its secret. */
  readonly impressao: Buffer;
  /** The secret before, as long as it is good beside it. */
  readonly anterior?: { readonly impressao: Buffer; readonly ate: Date } | undefined;
  readonly validadeDias: number;
  readonly criadoEm: Date;
  readonly expiraEm: Date;
  readonly rotacionadoEm?: Date | undefined;
  readonly revogadoEm?: Date | undefined;
  /** When and from which network address its last token was asked for. */
  readonly usadoEm?: Date | undefined;
  readonly usadoDe: string;
}

/** Keys that work, of one account. */
export const MAXIMO_DE_CHAVES = 20;

const VALIDADE_PADRAO_DIAS = 90;
const DIA_MS = 24 * 3_600_000;
/** The secret before goes on for so long, so that whoever uses it has time to take the new one. */
const SOBREPOSICAO_MS = DIA_MS;

export class ChaveApi {
  #estado: EstadoChaveApi;

  private constructor(estado: EstadoChaveApi) {
    this.#estado = estado;
  }

  /** @param dados.validadeDias 0: as long as keys live of themselves. */
  static criar(
    dados: Pick<
      EstadoChaveApi,
      'id' | 'usuarioId' | 'nome' | 'escopos' | 'papeis' | 'soSenha' | 'impressao' | 'validadeDias'
    >,
    em: Date,
  ): ChaveApi {
    const validadeDias = dados.validadeDias || VALIDADE_PADRAO_DIAS;
    const escopos = [...dados.escopos].sort();
    return new ChaveApi({
      ...{ ...dados, escopos, validadeDias, criadoEm: em, expiraEm: depoisDe(em, validadeDias), usadoDe: '' },
    });
  }

  /** The key as it was stored. */
  static restaurar(estado: EstadoChaveApi): ChaveApi {
    return new ChaveApi(estado);
  }

  get estado(): EstadoChaveApi {
    return this.#estado;
  }

  /** Neither revoked nor expired. */
  vale(em: Date): boolean {
    const { revogadoEm, expiraEm } = this.#estado;
    return revogadoEm === undefined && em < expiraEm;
  }

  /** Its secrets then: of two the newer one first. */
  impressoes(em: Date): readonly Buffer[] {
    const { impressao, anterior } = this.#estado;
    return anterior && em < anterior.ate ? [impressao, anterior.impressao] : [impressao];
  }

  /** Another secret, and the whole validity anew. The one before is good for a day more, but no longer than it would have been. */
  rotacionar(impressao: Buffer, soSenha: boolean, em: Date): void {
    const { impressao: antes, expiraEm, validadeDias } = this.#estado;
    const ate = new Date(Math.min(em.getTime() + SOBREPOSICAO_MS, expiraEm.getTime()));
    this.#estado = {
      ...{ ...this.#estado, impressao, soSenha, rotacionadoEm: em, expiraEm: depoisDe(em, validadeDias) },
      anterior: { impressao: antes, ate },
    };
  }
}

const depoisDe = (em: Date, dias: number) => new Date(em.getTime() + dias * DIA_MS);
