import { answersOf } from '@plataforma/domain/answers-of';
import type { Sql } from '@plataforma/runtime/transaction';
import type { PessoasRepository } from '../domain/pessoas-repository.ts';
import { REMOVIDO, TRAVAR, travaDoCliente } from './trava-do-cliente.ts';

const EXISTE = 'select exists (select from contas where usuario_id = $1 and ativa) as sim';

const REMOVIDA = `select ${REMOVIDO} as sim`;

const GERIA = `
  select exists (select from espaco_gestores where espaco_id = $2 and usuario_id = $1)
      or exists (select from gestoes_encerradas where espaco_id = $2 and usuario_id = $1 and ate >= $3)
      or exists (select from contas where usuario_id = $1 and admin_ate >= $3) as sim`;

export class PostgresPessoasRepository implements PessoasRepository {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  existe(usuarioId: string): Promise<boolean> {
    return this.#sim(EXISTE, [usuarioId]);
  }

  async removida(usuarioId: string): Promise<boolean> {
    const travando = this.#sql.query(TRAVAR, [travaDoCliente(usuarioId)]);
    const [, sim] = await answersOf([travando, this.#sim(REMOVIDA, [usuarioId])]);
    return sim;
  }

  geriaDesde(usuarioId: string, espacoId: string, desde: Date): Promise<boolean> {
    return this.#sim(GERIA, [usuarioId, espacoId, desde]);
  }

  async #sim(text: string, parametros: unknown[]): Promise<boolean> {
    const [row]: { sim: boolean }[] = await this.#sql.query(text, parametros);
    return row?.sim === true;
  }
}
