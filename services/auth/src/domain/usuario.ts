import { AggregateRoot } from '@plataforma/domain/aggregate';

/** Role of a person. */
export type Papel = 'CLIENTE' | 'GESTOR' | 'ADMIN';

/** What is known about a person with an account. */
export interface EstadoUsuario {
  readonly id: string;
  readonly nome: string;
  /** In the form of {@link normalizarEmail}. */
  readonly email: string;
  readonly senhaHash: string;
  readonly papeis: readonly Papel[];
  readonly ativo: boolean;
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
  readonly tipo: 'UsuarioRegistrado' | 'UsuarioAtualizado';
  readonly usuarioId: string;
  readonly nome: string;
  readonly email: string;
  readonly papeis: readonly Papel[];
  readonly ativo: boolean;
  readonly em: Date;
};

const ORDEM: readonly Papel[] = ['CLIENTE', 'GESTOR', 'ADMIN'];

/** A person with an account. */
export class Usuario extends AggregateRoot<UsuarioEvent> {
  #estado: EstadoUsuario;

  private constructor(estado: EstadoUsuario) {
    super();
    this.#estado = estado;
  }

  /** Opens an account. The e-mail is normalised here; that nobody else has it is the database's to guard. */
  static registrar(dados: {
    id: string;
    nome: string;
    email: string;
    senhaHash: string;
    papeis: readonly Papel[];
    em: Date;
  }): Usuario {
    const { id, senhaHash, papeis, em } = dados;
    const nome = dados.nome.trim();
    const email = normalizarEmail(dados.email);
    const ativo = true;
    const usuario = new Usuario({
      id,
      nome,
      email,
      senhaHash,
      papeis,
      ativo,
      versao: 1,
      criadoEm: em,
      atualizadoEm: em,
    });
    usuario.addDomainEvent({ tipo: 'UsuarioRegistrado', usuarioId: id, nome, email, papeis, ativo, em });
    return usuario;
  }

  /** The account as it was stored. */
  static restaurar(estado: EstadoUsuario): Usuario {
    return new Usuario(estado);
  }

  get estado(): EstadoUsuario {
    return this.#estado;
  }

  /** Nothing happens when everything is as it is wanted. */
  atualizar(mudanca: MudancaUsuario, em: Date): void {
    const { id, email, versao } = this.#estado;
    const nome = mudanca.nome?.trim() ?? this.#estado.nome;
    const papeis = ORDEM.filter((papel) => (mudanca.papeis ?? this.#estado.papeis).includes(papel));
    const ativo = mudanca.ativo ?? this.#estado.ativo;
    const antes = [this.#estado.nome, this.#estado.ativo, ...this.#estado.papeis].join();
    if ([nome, ativo, ...papeis].join() === antes) return;
    this.#estado = { ...this.#estado, nome, papeis, ativo, versao: versao + 1, atualizadoEm: em };
    this.addDomainEvent({ tipo: 'UsuarioAtualizado', usuarioId: id, nome, email, papeis, ativo, em });
  }
}

/** Whether the account can do what only administrators can. */
export function administraAtivo({ papeis, ativo }: Pick<EstadoUsuario, 'papeis' | 'ativo'>): boolean {
  return ativo && papeis.includes('ADMIN');
}

/** Addresses that differ in case or Unicode form only are one address. */
export function normalizarEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}
