import { DomainError } from '@plataforma/domain/domain-error';
import { MAXIMO_DE_CHAVES } from './chave-api.ts';

/** Also for a key of another person. */
export class ChaveNaoEncontradaError extends DomainError {
  override readonly motivo = 'CHAVE_NAO_ENCONTRADA';

  constructor() {
    super('Chave de API não encontrada.');
  }
}

export class ChaveEncerradaError extends DomainError {
  override readonly motivo = 'CHAVE_ENCERRADA';

  constructor() {
    super('Esta chave de API foi revogada ou venceu. Crie outra.');
  }
}

export class LimiteDeChavesError extends DomainError {
  override readonly motivo = 'LIMITE_DE_CHAVES';

  constructor() {
    super(`A conta já tem ${MAXIMO_DE_CHAVES} chaves de API. Revogue uma antes de criar outra.`, {
      maximo: MAXIMO_DE_CHAVES,
    });
  }
}

/** Whoever comes into an account by its address must find no key there that was made before they did. */
export class EmailNaoVerificadoError extends DomainError {
  override readonly motivo = 'EMAIL_NAO_VERIFICADO';

  constructor() {
    super('Confirme o seu e-mail antes de criar chaves de API.');
  }
}
