import { DomainError } from '@plataforma/domain/domain-error';

/** There is no such account, or messages to it do not come back. */
export class ContatoNaoEncontradoError extends DomainError {
  override readonly motivo = 'CONTATO_NAO_ENCONTRADO';

  constructor() {
    super('Não há conta com este identificador cujas mensagens voltem.');
  }
}
