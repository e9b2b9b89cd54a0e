import { DomainError } from '@plataforma/domain/domain-error';

export class WebhookNaoEncontradoError extends DomainError {
  override readonly motivo = 'WEBHOOK_NAO_ENCONTRADO';

  constructor() {
    super('Webhook não encontrado.');
  }
}

export class LimiteDeWebhooksError extends DomainError {
  override readonly motivo = 'LIMITE_DE_WEBHOOKS';

  constructor(maximo: number) {
    super(`Você já tem ${maximo} webhooks. Apague um deles para criar outro.`, { maximo });
  }
}

/** Of who makes it, or of whom it is: their right has ended a moment ago. */
export class DonoSemAcessoError extends DomainError {
  override readonly motivo = 'DONO_SEM_ACESSO';

  constructor() {
    super('Quem criou este webhook não é mais administrador. Um administrador precisa criar outro.');
  }
}

export class EntregaNaoEncontradaError extends DomainError {
  override readonly motivo = 'ENTREGA_NAO_ENCONTRADA';

  constructor() {
    super('Este webhook não tem entrega deste evento.');
  }
}

export class WebhookDesativadoError extends DomainError {
  override readonly motivo = 'WEBHOOK_DESATIVADO';

  constructor() {
    super('O webhook está desativado. Ative-o primeiro.');
  }
}

export class PeriodoInvalidoError extends DomainError {
  override readonly motivo = 'PERIODO_INVALIDO';

  constructor() {
    super('O período precisa terminar depois do início e começar nos últimos 30 dias.');
  }
}
