import { DomainError } from '@plataforma/domain/domain-error';

/** Text messages are wanted, and there is no number to send them to. */
export class TelefoneAusenteError extends DomainError {
  override readonly motivo = 'TELEFONE_AUSENTE';

  constructor() {
    super('Para receber mensagens de texto, informe o telefone.');
  }
}
