import { Recusa } from '../../contrato/domain/recusa.ts';

/** Messages of text are wanted, and there is no number to send them to. */
export class TelefoneAusenteError extends Recusa {
  override readonly motivo = 'TELEFONE_AUSENTE';

  constructor() {
    super('Para receber mensagens de texto, informe o telefone.');
  }
}
