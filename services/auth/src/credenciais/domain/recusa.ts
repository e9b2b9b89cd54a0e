import { DomainError } from '@plataforma/domain/domain-error';
import { esperaEscrita } from './espera.ts';

/** Unknown e-mail and wrong password look the same, so that no caller learns who has an account. */
export class CredenciaisInvalidasError extends DomainError {
  override readonly motivo = 'CREDENCIAIS_INVALIDAS';

  constructor() {
    super('E-mail ou senha incorretos.');
  }
}

/** Who is signed in was asked for the password once more, and knows whose account it is: here the address is not in question. */
export class SenhaIncorretaError extends DomainError {
  override readonly motivo = 'CREDENCIAIS_INVALIDAS';

  constructor() {
    super('Senha incorreta.');
  }
}

/** As {@link SenhaIncorretaError}, where none was given: no guess. */
export class SenhaAusenteError extends DomainError {
  override readonly motivo = 'CREDENCIAIS_INVALIDAS';

  constructor() {
    super('Informe a sua senha.');
  }
}

/** Its owner has always come in by another way, and has to have a password before it is asked for. */
export class SenhaNecessariaError extends DomainError {
  override readonly motivo = 'SENHA_NECESSARIA';

  constructor() {
    super('Sua conta ainda não tem senha. Defina uma pela opção "Esqueci minha senha" e tente de novo.');
  }
}

/** There is neither a password nor a second factor to ask for, and the session may be on a device that was left. */
export class LoginRecenteNecessarioError extends DomainError {
  override readonly motivo = 'LOGIN_RECENTE_NECESSARIO';

  constructor() {
    super('Entre novamente e repita a operação nos dez minutos seguintes.');
  }
}

export class SenhaFracaError extends DomainError {
  override readonly motivo = 'SENHA_FRACA';

  constructor(porque: string) {
    super(`Escolha outra senha: ${porque}.`);
  }
}

/** Too many attempts, from this address or at this account. */
export class MuitasTentativasError extends DomainError {
  override readonly motivo = 'MUITAS_TENTATIVAS';
  readonly segundos: number;

  constructor(segundos: number) {
    super(`Muitas tentativas. Tente novamente em ${esperaEscrita(segundos)}.`, {
      tentarNovamenteEm: segundos,
    });
    this.segundos = segundos;
  }
}
