import { DomainError } from '@plataforma/domain/domain-error';

/** Wrong, used before, or no code at all: who guesses learns nothing of which. */
export class MfaCodigoInvalidoError extends DomainError {
  override readonly motivo = 'MFA_CODIGO_INVALIDO';

  constructor() {
    super('O código não confere ou já foi usado. Espere o próximo código do aplicativo e tente de novo.');
  }
}

/** Refused for what it is, unlooked at: whoever has found a recovery code learns nothing of it. */
export class SoDoAplicativoError extends DomainError {
  override readonly motivo = 'MFA_CODIGO_INVALIDO';

  constructor() {
    super(
      'Aqui um código de recuperação não serve. Informe o código do aplicativo autenticador ou a confirmação de uma chave de acesso (passkey).',
    );
  }
}

export class MfaCodigoNecessarioError extends DomainError {
  override readonly motivo = 'MFA_CODIGO_NECESSARIO';

  constructor() {
    super(
      'Informe também o segundo fator: um código do aplicativo autenticador, um código de recuperação ou a confirmação de uma chave de acesso (passkey).',
    );
  }
}

/** The login that waited for the second factor is unknown, over, or has had too many wrong codes. */
export class MfaTokenInvalidoError extends DomainError {
  override readonly motivo = 'MFA_TOKEN_INVALIDO';

  constructor() {
    super('Este acesso venceu. Entre novamente com e-mail e senha.');
  }
}

export class MfaJaAtivoError extends DomainError {
  override readonly motivo = 'MFA_JA_ATIVO';

  constructor() {
    super('A verificação em duas etapas já está ativa. Desative-a antes de configurar outro aplicativo.');
  }
}

/**
 * Whoever proves the address comes into the account, be it by a new password. A second factor, a passkey or a link to Google from
 * before would keep them out of what is theirs, or somebody else in it.
 */
export class EmailNaoVerificadoError extends DomainError {
  override readonly motivo = 'EMAIL_NAO_VERIFICADO';

  constructor() {
    super('Confirme primeiro o seu e-mail, com o código que enviamos para ele.');
  }
}

export class MfaNaoAtivoError extends DomainError {
  override readonly motivo = 'MFA_NAO_ATIVO';

  constructor() {
    super('A verificação em duas etapas não está ativa.');
  }
}

/** The codes that a call has made are void: the factor was switched off, or newer ones were made. */
export class CodigosSubstituidosError extends DomainError {
  override readonly motivo = 'MFA_NAO_ATIVO';

  constructor() {
    super('Estes códigos de recuperação não valem mais.');
  }
}

export class MfaConfiguracaoAusenteError extends DomainError {
  override readonly motivo = 'MFA_CONFIGURACAO_AUSENTE';

  constructor() {
    super('Não há configuração a concluir, ou ela venceu. Comece de novo.');
  }
}
