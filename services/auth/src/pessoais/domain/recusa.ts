import { DomainError } from '@plataforma/domain/domain-error';

/** Nobody has ever had that identifier. */
export class TitularDesconhecidoError extends DomainError {
  override readonly motivo = 'USUARIO_NAO_ENCONTRADO';

  constructor() {
    super('Conta não encontrada.');
  }
}
