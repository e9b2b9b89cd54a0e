import { DomainError } from '@plataforma/domain/domain-error';

export class ProtocoloNaoEncontradoError extends DomainError {
  override readonly motivo = 'PROTOCOLO_NAO_ENCONTRADO';

  constructor() {
    super('Não há remoção de conta com este protocolo.');
  }
}

/** There is no account any more that the caller could be the owner of, or no session of it. */
export class SessaoTerminadaError extends DomainError {
  override readonly motivo = 'TOKEN_INVALIDO';

  constructor() {
    super('Sua sessão terminou. Entre novamente.');
  }
}
