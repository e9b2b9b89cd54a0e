import { DomainError } from '@plataforma/domain/domain-error';

export class ServicoDesconhecidoError extends DomainError {
  override readonly motivo = 'SERVICO_DESCONHECIDO';

  constructor() {
    super('Serviço desconhecido ou segredo incorreto.');
  }
}

export class AudienciaNaoPermitidaError extends DomainError {
  override readonly motivo = 'AUDIENCIA_NAO_PERMITIDA';

  constructor(servico: string, audiencia: string) {
    super(`O serviço ${servico} não pode chamar ${audiencia}.`, { servico, audiencia });
  }
}
