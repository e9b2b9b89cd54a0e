import { Recusa } from '../../contrato/domain/recusa.ts';

/** Unknown e-mail and wrong password look the same, so that nobody learns who has an account. */
export class CredenciaisInvalidasError extends Recusa {
  override readonly motivo = 'CREDENCIAIS_INVALIDAS';

  constructor() {
    super('E-mail ou senha incorretos.');
  }
}

export class SenhaFracaError extends Recusa {
  override readonly motivo = 'SENHA_FRACA';

  constructor(porque: string) {
    super(`Escolha outra senha: ${porque}.`);
  }
}
