import { DomainError } from '@plataforma/domain/domain-error';

/** Told to nobody but who has read a code that was mailed to the address. */
export class EmailJaCadastradoError extends DomainError {
  override readonly motivo = 'EMAIL_JA_CADASTRADO';

  constructor() {
    super('Outra conta já confirmou este endereço. Entre nela, ou escolha outro endereço.');
  }
}
