import { Recusa } from '../../comum/domain/recusa.ts';

export class ClienteNaoEncontradoError extends Recusa {
  readonly motivo = 'CLIENTE_NAO_ENCONTRADO';

  constructor() {
    super('Não há conta ativa deste cliente: a pessoa precisa se cadastrar antes.');
  }
}
