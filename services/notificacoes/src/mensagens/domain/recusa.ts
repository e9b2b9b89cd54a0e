import { Recusa } from '../../contrato/domain/recusa.ts';

/** A page token of another list, or of none. */
export class PaginaInvalidaError extends Recusa {
  override readonly motivo = 'PAGINA_INVALIDA';

  constructor() {
    super('O pageToken não é desta lista. Comece da primeira página.');
  }
}
