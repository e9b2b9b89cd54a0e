import { DomainError } from '@plataforma/domain/domain-error';

export class LoginRecenteNecessarioError extends DomainError {
  override readonly motivo = 'LOGIN_RECENTE_NECESSARIO';

  constructor() {
    super('Entre novamente na sua conta e repita o pedido em até dez minutos.');
  }
}

export class ProtocoloNaoEncontradoError extends DomainError {
  override readonly motivo = 'PROTOCOLO_NAO_ENCONTRADO';

  constructor() {
    super('Não há remoção de conta com este protocolo.');
  }
}
