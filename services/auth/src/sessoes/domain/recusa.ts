import { DomainError } from '@plataforma/domain/domain-error';

export class TokenRenovacaoInvalidoError extends DomainError {
  override readonly motivo = 'TOKEN_RENOVACAO_INVALIDO';

  constructor() {
    super('A sessão terminou. Entre novamente.');
  }
}

/** A refresh token that was traded in before: there is a copy of it, so the whole session is over. */
export class TokenRenovacaoReutilizadoError extends DomainError {
  override readonly motivo = 'TOKEN_RENOVACAO_REUTILIZADO';

  constructor() {
    super('Esta sessão foi encerrada por segurança. Entre novamente.');
  }
}

/** Also for a session of another person. */
export class SessaoNaoEncontradaError extends DomainError {
  override readonly motivo = 'SESSAO_NAO_ENCONTRADA';

  constructor() {
    super('Sessão não encontrada.');
  }
}
