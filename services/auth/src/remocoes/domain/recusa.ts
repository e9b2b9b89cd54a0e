import { DomainError } from '@plataforma/domain/domain-error';

export class ProtocoloNaoEncontradoError extends DomainError {
  override readonly motivo = 'PROTOCOLO_NAO_ENCONTRADO';

  constructor() {
    super('Não há remoção de conta com este protocolo.');
  }
}
