import { DomainError } from '@plataforma/domain/domain-error';

/** Told to nobody but who has read a code that was mailed to the address. */
export class EmailJaCadastradoError extends DomainError {
  override readonly motivo = 'EMAIL_JA_CADASTRADO';

  constructor() {
    super('Outra conta já confirmou este endereço. Entre nela, ou escolha outro endereço.');
  }
}

/** There is neither a password nor a second factor to ask for, and the session may be on a device that was left. */
export class LoginRecenteNecessarioError extends DomainError {
  override readonly motivo = 'LOGIN_RECENTE_NECESSARIO';

  constructor() {
    super('Entre novamente e repita a operação nos cinco minutos seguintes.');
  }
}
