import { DomainError } from '@plataforma/domain/domain-error';

export class SenhaRepetidaError extends DomainError {
  override readonly motivo = 'SENHA_REPETIDA';

  constructor() {
    super('A senha nova é igual à atual. Escolha outra.');
  }
}
