import { DomainError } from '@plataforma/domain/domain-error';

/** Text messages are wanted, and there is no number to send them to. */
export class TelefoneAusenteError extends DomainError {
  override readonly motivo = 'TELEFONE_AUSENTE';

  constructor() {
    super('Para receber mensagens de texto, informe o telefone.');
  }
}

/** Text messages go to mobile telephones of some countries only. */
export class TelefoneInvalidoError extends DomainError {
  override readonly motivo = 'TELEFONE_INVALIDO';

  constructor() {
    super('Informe o número de um celular de um país para o qual enviamos mensagens de texto.');
  }
}

/** The owner of the number has answered that they want no text messages: nothing would be sent there. */
export class SmsRecusadoError extends DomainError {
  override readonly motivo = 'SMS_RECUSADO';

  constructor() {
    super(
      'Deste telefone foi respondido que não querem mensagens de texto. Responda START a uma delas ou confirme o telefone de novo.',
    );
  }
}

/** What is always told by e-mail cannot be switched off. */
export class PreferenciaObrigatoriaError extends DomainError {
  override readonly motivo = 'PREFERENCIA_OBRIGATORIA';

  constructor() {
    super('Estas mensagens são sempre enviadas por e-mail e não podem ser desligadas.');
  }
}

/** Quiet hours that never end, or are no times. */
export class SilencioInvalidoError extends DomainError {
  override readonly motivo = 'SILENCIO_INVALIDO';

  constructor() {
    super('As horas de silêncio precisam de um início e de um fim diferentes, como 22:00 e 07:00.');
  }
}

/** No such time zone. */
export class FusoInvalidoError extends DomainError {
  override readonly motivo = 'FUSO_INVALIDO';

  constructor() {
    super('Esse fuso horário não existe. Use um nome da base da IANA, como America/Sao_Paulo.');
  }
}

/** No message is written in this language. */
export class IdiomaInexistenteError extends DomainError {
  override readonly motivo = 'IDIOMA_INEXISTENTE';

  /** @param idiomas those that messages are written in */
  constructor(idiomas: readonly string[]) {
    super(`Não há mensagens nesse idioma. Há em: ${idiomas.join(', ')}.`);
  }
}
