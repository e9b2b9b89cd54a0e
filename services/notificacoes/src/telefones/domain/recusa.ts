import { DomainError } from '@plataforma/domain/domain-error';

/** Not the code, or not any more: which of them is not told. */
export class CodigoDeTelefoneInvalidoError extends DomainError {
  override readonly motivo = 'CODIGO_DE_TELEFONE_INVALIDO';

  constructor() {
    super('O código não confere ou não vale mais. Peça outro.');
  }
}

/** A code was asked for too soon or too often, for this person or this number, or for all together. */
export class MuitosCodigosError extends DomainError {
  override readonly motivo = 'MUITOS_CODIGOS';

  constructor() {
    super('Já foram enviados códigos demais. Aguarde um minuto; se já pediu vários hoje, tente amanhã.');
  }
}

/** Who has not proved an address is sent no text messages: they cost. */
export class EmailNaoVerificadoError extends DomainError {
  override readonly motivo = 'EMAIL_NAO_VERIFICADO';

  constructor() {
    super('Confirme o seu e-mail antes de confirmar o telefone.');
  }
}

/** Nothing goes by SMS here. */
export class SmsDesligadoError extends DomainError {
  override readonly motivo = 'SMS_DESLIGADO';

  constructor() {
    super('As mensagens de texto não estão disponíveis.');
  }
}
