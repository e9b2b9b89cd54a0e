import { Recusa } from '../../contrato/domain/recusa.ts';

export class ServicoDesconhecidoError extends Recusa {
  override readonly motivo = 'SERVICO_DESCONHECIDO';

  constructor() {
    super('Serviço desconhecido ou segredo incorreto.');
  }
}

export class AudienciaNaoPermitidaError extends Recusa {
  override readonly motivo = 'AUDIENCIA_NAO_PERMITIDA';

  constructor(servico: string, audiencia: string) {
    super(`O serviço ${servico} não pode chamar ${audiencia}.`, { servico, audiencia });
  }
}
