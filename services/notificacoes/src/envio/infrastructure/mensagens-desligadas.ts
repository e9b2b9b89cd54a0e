import type { Sql } from '@plataforma/runtime/transaction';
import type { Canal } from '../../canais/domain/mensagem.ts';
import type { Retirada } from '../../mensagens/application/ports.ts';
import { DADOS_QUE_FICAM } from '../../mensagens/infrastructure/so-ate-o-envio.ts';
import type { MensagensDesligadas } from '../application/encerrar-desligadas.ts';

/** By another channel than e-mail every message grows old within a day; one without an end is of a release that knew no such thing. */
const TAKE_BACK = `
  update notificacoes n
  set status = 'SUPRIMIDA', destino = null, posse = null, versao = versao + 1, dados = ${DADOS_QUE_FICAM} - 'motivo'
  from (
    select id from notificacoes
    where status = 'PENDENTE' and canal = any($1)
      and coalesce(valida_ate, coalesce(devida_em, criada_em) + interval '1 day') <= $2
      and (posse is null or disponivel_em <= $2)
    limit $3 for update skip locked
  ) velhas
  where n.id = velhas.id
  returning n.id, cliente_id as "clienteId", canal, modelo, reserva_id as "reservaId", versao`;

/** Messages of channels that are switched off, in PostgreSQL. */
export class PostgresMensagensDesligadas implements MensagensDesligadas {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async retirar(canais: readonly Canal[], agora: Date, limite: number): Promise<Retirada[]> {
    const [linhas]: [Retirada[], number] = await this.#sql.query(TAKE_BACK, [canais, agora, limite]);
    return linhas;
  }
}
