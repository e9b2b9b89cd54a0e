import { DomainError } from '@plataforma/domain/domain-error';

/** What is exported is told to who has proved to be the owner of the address, and of nobody else's account with it. */
export class EmailNaoVerificadoError extends DomainError {
  override readonly motivo = 'EMAIL_NAO_VERIFICADO';

  constructor() {
    super('Confirme o seu e-mail antes de pedir os seus dados.');
  }
}

export class ExportacaoEmAndamentoError extends DomainError {
  override readonly motivo = 'EXPORTACAO_EM_ANDAMENTO';

  constructor(exportacaoId: string) {
    super('Os seus dados já estão sendo reunidos. Avisamos por e-mail quando estiverem prontos.', {
      exportacaoId,
    });
  }
}

export class ExportacoesDemaisError extends DomainError {
  override readonly motivo = 'EXPORTACOES_DEMAIS';

  readonly segundos: number;

  constructor(segundos: number) {
    const horas = Math.ceil(segundos / 3_600);
    const quando = horas === 1 ? '1 hora' : `${horas} horas`;
    super(`Você já pediu os seus dados várias vezes nas últimas 24 horas. Tente novamente em ${quando}.`, {
      tentarNovamenteEm: segundos,
    });
    this.segundos = segundos;
  }
}

export class ExportacaoNaoEncontradaError extends DomainError {
  override readonly motivo = 'EXPORTACAO_NAO_ENCONTRADA';

  constructor() {
    super('Exportação não encontrada. Ela pode ter vencido: peça os seus dados novamente.');
  }
}
