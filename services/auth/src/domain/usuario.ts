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

/** What happens to a person's account. */
export type UsuarioEvent = {
  readonly tipo: 'UsuarioRegistrado';
  readonly usuarioId: string;
  readonly nome: string;
  readonly email: string;
  readonly papeis: readonly Papel[];
  readonly em: Date;
};

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
    const usuario = new Usuario({
      id,
      nome,
      email,
      senhaHash,
      papeis,
      ativo: true,
      versao: 1,
      criadoEm: em,
      atualizadoEm: em,
    });
    usuario.addDomainEvent({ tipo: 'UsuarioRegistrado', usuarioId: id, nome, email, papeis, em });
    return usuario;
  }

  /** The account as it was stored. */
  static restaurar(estado: EstadoUsuario): Usuario {
    return new Usuario(estado);
  }

  get estado(): EstadoUsuario {
    return this.#estado;
  }
}

/** Addresses that differ in case or Unicode form only are one address. */
export function normalizarEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}
