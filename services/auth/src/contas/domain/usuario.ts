import { AggregateRoot } from '@plataforma/domain/aggregate';
import { normalizarEmail } from '@plataforma/domain/email';
import { Result } from '@plataforma/domain/result';
import { normalizarTexto, problemaNoTexto } from '@plataforma/domain/texto';
import { NomeInvalidoError } from './recusa.ts';

/** Roles of people, in the order in which they are kept and told. */
export const PAPEIS = ['CLIENTE', 'GESTOR', 'ADMIN'] as const;

export type Papel = (typeof PAPEIS)[number];

/** What is known about a person with an account. */
export interface EstadoUsuario {
  readonly id: string;
  readonly nome: string;
  /** In the form of {@link normalizarEmail}. */
  readonly email: string;
  /** Whether the person has proved that the address is theirs. */
  readonly emailVerificado: boolean;
  /** None for an account that is entered without a password. */
  readonly senhaHash: string | null;
  /** Whether login asks for a second factor. */
  readonly mfaAtivo: boolean;
  /** Whether an issuer's word lets its owner in. */
  readonly googleVinculado: boolean;
  readonly papeis: readonly Papel[];
  readonly ativo: boolean;
  /** When a later sign-up with the address took this account's place; null while none has. */
  readonly substituidoEm: Date | null;
  /** Sessions and tokens of an earlier generation are over. */
  readonly geracaoSessoes: number;
  /** So many passwords the account has had; the first one counts when it has none yet. */
  readonly geracaoSenha: number;
  readonly versao: number;
  readonly criadoEm: Date;
  readonly atualizadoEm: Date;
}

/** What an administrator may change of an account; what is left out stays. */
export interface MudancaUsuario {
  readonly nome?: string;
  /** At least one. */
  readonly papeis?: readonly Papel[];
  readonly ativo?: boolean;
}

/** What happens to a person's account: its state after that. */
export type UsuarioEvent = {
  readonly usuarioId: string;
  readonly nome: string;
  readonly email: string;
  readonly emailVerificado: boolean;
  readonly papeis: readonly Papel[];
  readonly ativo: boolean;
  readonly geracaoSessoes: number;
  readonly em: Date;
} & (
  | { readonly tipo: 'UsuarioRegistrado'; readonly codigoVerificacao: string }
  | { readonly tipo: 'UsuarioAtualizado'; readonly codigoVerificacao?: string }
);

const NOME = { minimo: 2, maximo: 120 };

/** A person with an account. */
export class Usuario extends AggregateRoot<UsuarioEvent> {
  #estado: EstadoUsuario;

  private constructor(estado: EstadoUsuario) {
    super();
    this.#estado = estado;
  }

  /** Opens an account. The e-mail is normalised here; how many accounts it may have is the database's to guard. */
  static registrar(dados: {
    id: string;
    nome: string;
    email: string;
    senhaHash: string | null;
    papeis: readonly Papel[];
    /** Sent to the address to verify it; empty: nothing is sent; undefined for an address that needs no proof. */
    codigoVerificacao: string | undefined;
    /** Whether an account keeps the place at the address that this one would take. */
    substituida?: boolean;
    em: Date;
  }): Result<Usuario, NomeInvalidoError> {
    const nome = lerNome(dados.nome);
    if (nome.isFailure) return nome;
    const { id, senhaHash, papeis, codigoVerificacao, em } = dados;
    const usuario = new Usuario({
      id,
      nome: nome.value,
      email: normalizarEmail(dados.email),
      emailVerificado: codigoVerificacao === undefined,
      senhaHash,
      mfaAtivo: false,
      googleVinculado: false,
      papeis,
      ativo: true,
      substituidoEm: dados.substituida ? em : null,
      geracaoSessoes: 1,
      geracaoSenha: 1,
      versao: 1,
      criadoEm: em,
      atualizadoEm: em,
    });
    const fato = { ...usuario.#situacao(), codigoVerificacao: codigoVerificacao ?? '' };
    usuario.addDomainEvent({ tipo: 'UsuarioRegistrado', ...fato, em });
    return Result.ok(usuario);
  }

  /** The account as it was stored. */
  static restaurar(estado: EstadoUsuario): Usuario {
    return new Usuario(estado);
  }

  get estado(): EstadoUsuario {
    return this.#estado;
  }

  /**
   * Suspension and other roles end every session, whatever roles they are: a token says what its owner may do, and
   * this one would go on saying what was true before. Nothing happens when everything is as it is wanted.
   */
  atualizar(mudanca: MudancaUsuario, em: Date): Result<void, NomeInvalidoError> {
    const lido = mudanca.nome === undefined ? Result.ok(this.#estado.nome) : lerNome(mudanca.nome);
    if (lido.isFailure) return lido;
    const nome = lido.value;
    const papeis = PAPEIS.filter((papel) => (mudanca.papeis ?? this.#estado.papeis).includes(papel));
    const ativo = mudanca.ativo ?? this.#estado.ativo;
    const antes = this.#estado;
    const outrosPapeis = papeis.join() !== antes.papeis.join();
    if (nome === antes.nome && ativo === antes.ativo && !outrosPapeis) return Result.ok(undefined);
    const encerra = outrosPapeis || (antes.ativo && !ativo);
    const geracaoSessoes = antes.geracaoSessoes + (encerra ? 1 : 0);
    this.#mudar({ nome, papeis, ativo, geracaoSessoes }, em);
    return Result.ok(undefined);
  }

  /** The person has proved that the address is theirs. Nothing happens the second time. */
  verificarEmail(em: Date): void {
    if (!this.#estado.emailVerificado) this.#mudar({ emailVerificado: true }, em);
  }

  /** A later sign-up with the address takes the place of this one: nobody gets in any more, and nobody can verify it. */
  substituir(em: Date): void {
    this.#mudar({ substituidoEm: em, geracaoSessoes: this.#estado.geracaoSessoes + 1 }, em);
  }

  /** The code goes to the address once more, an empty one nowhere. Nothing happens when that is proved already. */
  pedirVerificacao(codigoVerificacao: string, em: Date): void {
    if (!this.#estado.emailVerificado) this.#mudar({}, em, { codigoVerificacao });
  }

  /** Its owner knew the one before. Every session ends; the one that it was done in is carried over. */
  trocarSenha(senhaHash: string, em: Date): void {
    const { geracaoSessoes, geracaoSenha } = this.#estado;
    this.#mudar({ senhaHash, geracaoSessoes: geracaoSessoes + 1, geracaoSenha: geracaoSenha + 1 }, em);
  }

  /**
   * Its owner has read a code that was mailed to the address, which is proved by that, and the account's again if it was left.
   * Every session ends.
   */
  redefinirSenha(senhaHash: string, email: string, em: Date): void {
    const [geracaoSessoes, geracaoSenha] = [this.#estado.geracaoSessoes + 1, this.#estado.geracaoSenha + 1];
    this.#mudar({ senhaHash, geracaoSessoes, geracaoSenha, email, emailVerificado: true }, em);
  }

  /**
   * The person has read what was mailed to another address, which is proved by that. Every session ends; the one that it was
   * done in is carried over.
   */
  trocarEmail(email: string, em: Date): void {
    const geracaoSessoes = this.#estado.geracaoSessoes + 1;
    this.#mudar({ email: normalizarEmail(email), emailVerificado: true, geracaoSessoes }, em);
  }

  /** What the account is entered with has changed. Every session ends; the one that it was done in is carried over. */
  encerrarSessoes(em: Date): void {
    this.#mudar({ geracaoSessoes: this.#estado.geracaoSessoes + 1 }, em);
  }

  #mudar(novo: Partial<EstadoUsuario>, em: Date, pedido: { codigoVerificacao?: string } = {}): void {
    this.#estado = { ...this.#estado, ...novo, versao: this.#estado.versao + 1, atualizadoEm: em };
    this.addDomainEvent({ tipo: 'UsuarioAtualizado', ...this.#situacao(), ...pedido, em });
  }

  #situacao() {
    const { id, nome, email, emailVerificado, papeis, ativo, geracaoSessoes } = this.#estado;
    return { usuarioId: id, nome, email, emailVerificado, papeis, ativo, geracaoSessoes };
  }
}

function lerNome(bruto: string): Result<string, NomeInvalidoError> {
  const nome = normalizarTexto(bruto);
  const porque = problemaNoTexto(nome, NOME);
  return porque === undefined ? Result.ok(nome) : Result.fail(new NomeInvalidoError(porque));
}

/**
 * Whether the change gives the account power: a role that it has not got, or, to a suspended account, that it is let in again,
 * whatever its roles: somebody has had a reason to keep its owner out. The role CLIENTE is none, as everybody signs up with it,
 * and it is what is left to who loses all others.
 */
export function daPoder(
  { papeis, ativo }: Pick<EstadoUsuario, 'papeis' | 'ativo'>,
  mudanca: MudancaUsuario,
): boolean {
  if (!ativo && mudanca.ativo === true) return true;
  return (mudanca.papeis ?? []).some((papel) => papel !== 'CLIENTE' && !papeis.includes(papel));
}

/** Whether the account can do what only administrators can. */
export function administraAtivo(estado: Pick<EstadoUsuario, 'papeis' | 'ativo' | 'substituidoEm'>): boolean {
  return podeEntrar(estado) && estado.papeis.includes('ADMIN');
}

/** Whether its owner can log in. */
export function podeEntrar({
  ativo,
  substituidoEm,
}: Pick<EstadoUsuario, 'ativo' | 'substituidoEm'>): boolean {
  return ativo && substituidoEm === null;
}

/**
 * Whether an account with an address that is not verified gives way to a later sign-up with that address: not once an
 * administrator has trusted it with a role, for anybody can sign up with any address.
 */
export function cedeLugar({ emailVerificado, papeis }: EstadoUsuario): boolean {
  return !emailVerificado && papeis.every((papel) => papel === 'CLIENTE');
}

/** Whether what was opened at that generation of the account's sessions is still good. */
export function sessaoVale({ ativo, geracaoSessoes }: EstadoUsuario, geracao: number): boolean {
  return ativo && geracao === geracaoSessoes;
}
