import { Recusa } from '../../contrato/domain/recusa.ts';

export class TokenRenovacaoInvalidoError extends Recusa {
  override readonly motivo = 'TOKEN_RENOVACAO_INVALIDO';

  constructor() {
    super('A sessão terminou. Entre novamente.');
  }
}

/** A refresh token that was traded in before: somebody has a copy, so the whole session is over. */
export class TokenRenovacaoReutilizadoError extends Recusa {
  override readonly motivo = 'TOKEN_RENOVACAO_REUTILIZADO';

  constructor() {
    super('Esta sessão foi encerrada por segurança. Entre novamente.');
  }
}
