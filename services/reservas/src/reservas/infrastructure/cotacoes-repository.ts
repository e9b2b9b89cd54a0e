import type { Sql } from '@plataforma/runtime/transaction';
import { insertWithNewId } from '../../comum/infrastructure/insert-row.ts';
import {
  type ExtraJson,
  extrasFromJson,
  extrasToJson,
  type LinhaJson,
  precoFromJson,
  precoToJson,
} from '../../precos/infrastructure/preco-json.ts';
import { periodoFromRow } from '../../tempo/infrastructure/periodo-row.ts';
import type { Cotacao } from '../domain/cotacao.ts';
import type { CotacoesRepository } from '../domain/repositories.ts';

interface CotacaoRow {
  readonly id: string;
  readonly cliente_id: string;
  readonly espaco_id: string;
  readonly data_inicio: Date;
  readonly data_fim: Date;
  readonly extras: readonly ExtraJson[];
  readonly preco: readonly LinhaJson[];
  readonly valor_centavos: string;
  readonly moeda: string;
  readonly criada_em: Date;
  readonly valida_ate: Date;
}

const POR_ID = `
  select id, cliente_id, espaco_id, data_inicio, data_fim, extras, preco, valor_centavos, moeda, criada_em, valida_ate
  from cotacoes where id = $1`;

export class PostgresCotacoesRepository implements CotacoesRepository {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async findById(id: string): Promise<Cotacao | undefined> {
    const [row]: CotacaoRow[] = await this.#sql.query(POR_ID, [id]);
    return row && fromRow(row);
  }

  add(cotacao: Cotacao): Promise<void> {
    return insertWithNewId(this.#sql, 'cotacoes', {
      id: cotacao.id,
      cliente_id: cotacao.clienteId,
      espaco_id: cotacao.espacoId,
      data_inicio: cotacao.periodo.inicio,
      data_fim: cotacao.periodo.fim,
      extras: extrasToJson(cotacao.extras),
      preco: precoToJson(cotacao.preco),
      valor_centavos: cotacao.preco.valor.centavos,
      moeda: cotacao.preco.valor.moeda,
      criada_em: cotacao.criadoEm,
      valida_ate: cotacao.validoAte,
    });
  }
}

function fromRow(row: CotacaoRow): Cotacao {
  return {
    id: row.id,
    clienteId: row.cliente_id,
    espacoId: row.espaco_id,
    periodo: periodoFromRow(row),
    extras: extrasFromJson(row.extras, row.moeda),
    preco: precoFromJson(row.preco, row.valor_centavos, row.moeda),
    criadoEm: row.criada_em,
    validoAte: row.valida_ate,
  };
}
