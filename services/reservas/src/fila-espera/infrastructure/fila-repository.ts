import { appendToOutbox } from '@plataforma/runtime/outbox';
import type { Sql } from '@plataforma/runtime/transaction';
import { insertWithNewId } from '../../comum/infrastructure/insert-row.ts';
import type { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import {
  EntradaFila,
  type EstadoEntrada,
  MAXIMO_NA_FILA,
  type PedidoDeEspera,
} from '../domain/entrada-fila.ts';
import type { Alcance, FilaRepository } from '../domain/fila-repository.ts';
import { COLUNAS_DA_ENTRADA, type EntradaRow, entradaFromRow, entradaToRow } from './entrada-row.ts';
import { toVagaOferecida } from './event-mapper.ts';
import {
  A_ENCERRAR,
  ADIAR_VAGAS,
  ATIVA_SQL,
  CONTAR_ESPERANDO,
  ESPACOS_COM_VAGA,
  ESPERANDO,
  ESPERANDO_EM,
  IDS_A_ENCERRAR,
  POSICAO,
  TEM_ADIADAS,
} from './fila-sql.ts';

const SALVAR = `
  update fila_espera
  set versao = $2, status = $3, atualizada_em = $4, reserva_id = $5, oferta_expira_em = $6
  where id = $1 and versao = $2::integer - 1`;

const ATIVA = `
  select ${COLUNAS_DA_ENTRADA} from fila_espera f
  where cliente_id = $1 and espaco_id = $2 and data_inicio = $3 and data_fim = $4 and ${ATIVA_SQL}`;

const POR_ID = `select ${COLUNAS_DA_ENTRADA} from fila_espera f where id = $1`;

const DA_RESERVA = `select ${COLUNAS_DA_ENTRADA} from fila_espera f where reserva_id = $1`;

export class PostgresFilaRepository implements FilaRepository {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  add({ estado }: EntradaFila): Promise<void> {
    return insertWithNewId(this.#sql, 'fila_espera', entradaToRow(estado));
  }

  async save(entrada: EntradaFila): Promise<void> {
    const { id, versao, status, atualizadoEm, oferta } = entrada.estado;
    const [, affected]: [unknown[], number] = await this.#sql.query(SALVAR, [
      id,
      versao,
      status,
      atualizadoEm,
      oferta?.reservaId ?? null,
      oferta?.expiraEm ?? null,
    ]);
    if (affected !== 1) throw new Error(`entry ${id} was not locked before it was changed`);
    const events = entrada.pullDomainEvents().map((event) => toVagaOferecida(event, id));
    await appendToOutbox(this.#sql, events);
  }

  ver(id: string): Promise<EntradaFila | undefined> {
    return this.#one(POR_ID, [id]);
  }

  findById(id: string): Promise<EntradaFila | undefined> {
    return this.#one(`${POR_ID} for no key update`, [id]);
  }

  daReserva(reservaId: string): Promise<EntradaFila | undefined> {
    return this.#one(DA_RESERVA, [reservaId]);
  }

  ativa({ clienteId, espacoId, periodo }: Omit<PedidoDeEspera, 'extras'>): Promise<EntradaFila | undefined> {
    return this.#one(ATIVA, [clienteId, espacoId, periodo.inicio, periodo.fim]);
  }

  async contarAtivas(clienteId: string): Promise<number> {
    const [row]: { ativas: number }[] = await this.#sql.query(
      `select count(*)::int as ativas from fila_espera where cliente_id = $1 and ${ATIVA_SQL}`,
      [clienteId],
    );
    return row?.ativas ?? 0;
  }

  async posicao(id: string): Promise<number> {
    const [row]: { posicao: number }[] = await this.#sql.query(
      `select ${POSICAO} from fila_espera f where f.id = $1`,
      [id],
    );
    return row?.posicao ?? 0;
  }

  async contarEsperando(espacoId: string, { inicio, fim }: PeriodoReserva): Promise<number> {
    const [row]: { esperando: number }[] = await this.#sql.query(CONTAR_ESPERANDO, [espacoId, inicio, fim]);
    return row?.esperando ?? 0;
  }

  async esperandoEm(espacoId: string, agora: Date, alcances: readonly Alcance[]): Promise<EstadoEntrada[]> {
    const rows: EntradaRow[] = await this.#sql.query(ESPERANDO_EM, [
      espacoId,
      agora,
      alcances.map(({ de }) => de),
      alcances.map(({ ate }) => ate),
      MAXIMO_NA_FILA,
    ]);
    return rows.map(entradaFromRow);
  }

  async esperando(espacoId: string, agora: Date, maximo: number): Promise<EstadoEntrada[]> {
    const rows: EntradaRow[] = await this.#sql.query(ESPERANDO, [espacoId, agora, maximo]);
    return rows.map(entradaFromRow);
  }

  async aEncerrar(agora: Date, maximo: number): Promise<EntradaFila[]> {
    const rows: EntradaRow[] = await this.#sql.query(A_ENCERRAR, [agora, maximo]);
    return rows.map((row) => EntradaFila.restaurar(entradaFromRow(row)));
  }

  async idsAEncerrar(agora: Date, maximo: number): Promise<string[]> {
    const rows: { id: string }[] = await this.#sql.query(IDS_A_ENCERRAR, [agora, maximo]);
    return rows.map(({ id }) => id);
  }

  async temAdiadas(espacoId: string, agora: Date): Promise<boolean> {
    const [row]: { tem: boolean }[] = await this.#sql.query(TEM_ADIADAS, [espacoId, agora]);
    return row?.tem === true;
  }

  async adiarVagas(espacoId: string): Promise<void> {
    await this.#sql.query(ADIAR_VAGAS, [espacoId]);
  }

  async espacosComVaga(maximo: number): Promise<string[]> {
    const rows: { espaco_id: string }[] = await this.#sql.query(ESPACOS_COM_VAGA, [maximo]);
    return rows.map(({ espaco_id }) => espaco_id);
  }

  async tomarVagas(espacoId: string): Promise<string[]> {
    const rows: { posicao: string }[] = await this.#sql.query(
      'select posicao from fila_vagas where espaco_id = $1 for update skip locked',
      [espacoId],
    );
    return rows.map(({ posicao }) => posicao);
  }

  async concluirVagas(vagas: readonly string[]): Promise<void> {
    await this.#sql.query('delete from fila_vagas where posicao = any($1::bigint[])', [vagas]);
  }

  async #one(text: string, parameters: unknown[]): Promise<EntradaFila | undefined> {
    const [row]: EntradaRow[] = await this.#sql.query(text, parameters);
    return row && EntradaFila.restaurar(entradaFromRow(row));
  }
}
