import { DomainError } from '@plataforma/domain/domain-error';

/** The charge exists; its checkout is opened as soon as the provider answers again. */
export class ProvedorIndisponivelError extends DomainError {
  override readonly motivo = 'PROVEDOR_INDISPONIVEL';

  constructor(pagamentoId: string) {
    super('O provedor de pagamentos está indisponível. Tente novamente em instantes.', { pagamentoId });
  }
}

export class PaginaInvalidaError extends DomainError {
  override readonly motivo = 'PAGINA_INVALIDA';

  constructor() {
    super('O token de página não foi emitido por esta listagem.');
  }
}
