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

/** An event in a version whose words may mean something else than those this program was made for: somebody has to look. */
export class VersaoDesconhecidaError extends DomainError {
  override readonly motivo = 'VERSAO_DESCONHECIDA';

  constructor(versao: string) {
    super('O evento do provedor está em uma versão que este programa não conhece.', { versao });
  }
}

/** An event of the other mode than that of our key: test money pays nothing that is real, nor the other way round. */
export class ModoDivergenteError extends DomainError {
  override readonly motivo = 'MODO_DIVERGENTE';

  constructor(livemode: boolean) {
    super('O evento do provedor é de outro modo (teste ou produção) que o da chave.', {
      livemode: String(livemode),
    });
  }
}
