import type { Sql } from '@plataforma/runtime/transaction';
import type { ConsultaDeExportacoes, ExportacaoNova, ExportacoesRepository } from '../application/ports.ts';
import type { Exportacao } from '../domain/exportacao.ts';
import { COLUNAS, type ExportacaoRow, exportacaoFrom } from './exportacao-row.ts';

const ONE_REQUEST_AT_A_TIME = `select pg_advisory_xact_lock(hashtextextended('auth:exportacoes:' || $1, 0))`;

const UNDER_WAY = `select id from exportacoes where usuario_id = $1 and estado = 'PREPARANDO'`;

const ASKED_SINCE = 'select pedida_em as em from exportacoes where usuario_id = $1 and pedida_em > $2';

const INSERT = `
  insert into exportacoes (id, usuario_id, estado, pedida_em, sessao_id, endereco, dispositivo, requisicao, fonte, pagina,
    secao, secao_vazia, partes, bytes, tentar_em, avancou_em, falhas)
  values ($1, $2, 'PREPARANDO', $3, $4, $5, $6, $7, $8, '', '', true, 0, 0, $3, $3, 0)`;

const FINISH = `
  update exportacoes set estado = 'PRONTA', sha256 = $2, pronta_em = $3, expira_em = $4, falhas = 0, erro = null
  where id = $1 and estado = 'PREPARANDO'`;

const DELETE_ALL = 'delete from exportacoes where usuario_id = $1';

const OF_PERSON = `select ${COLUNAS} from exportacoes where id = $1 and usuario_id = $2`;

const ALL_OF_PERSON = `select ${COLUNAS} from exportacoes where usuario_id = $1 order by pedida_em desc, id`;

const TO_DOWNLOAD = `
  select ${COLUNAS} from exportacoes
  where id = $1 and estado = 'PRONTA' and expira_em > $3 and exists (
    select 1 from usuarios where usuarios.id = usuario_id and ativo and substituida_em is null and geracao_sessoes = $2)`;

/** What a caller says is the identity of an export; the database would refuse any other text as no uuid. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Exports in PostgreSQL. */
export class PostgresExportacoesRepository implements ExportacoesRepository, ConsultaDeExportacoes {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async travar(usuarioId: string): Promise<void> {
    await this.#sql.query(ONE_REQUEST_AT_A_TIME, [usuarioId]);
  }

  async emAndamento(usuarioId: string): Promise<string | undefined> {
    const [row]: Array<{ id: string }> = await this.#sql.query(UNDER_WAY, [usuarioId]);
    return row?.id;
  }

  async pedidasDesde(usuarioId: string, desde: Date): Promise<readonly Date[]> {
    const rows: Array<{ em: Date }> = await this.#sql.query(ASKED_SINCE, [usuarioId, desde]);
    return rows.map(({ em }) => em);
  }

  async add({ id, usuarioId, pedidoEm, sessaoId, origem, fonte }: ExportacaoNova): Promise<void> {
    const { endereco, dispositivo, requisicao } = origem;
    const deOnde = [sessaoId ?? null, endereco, dispositivo, requisicao];
    await this.#sql.query(INSERT, [id, usuarioId, pedidoEm, ...deOnde, fonte]);
  }

  async concluir(id: string, { sha256, em, ate }: { sha256: Buffer; em: Date; ate: Date }): Promise<boolean> {
    const [, done]: [unknown[], number] = await this.#sql.query(FINISH, [id, sha256, em, ate]);
    return done > 0;
  }

  async apagarDe(usuarioId: string): Promise<void> {
    await this.#sql.query(DELETE_ALL, [usuarioId]);
  }

  async doUsuario(id: string, usuarioId: string): Promise<Exportacao | undefined> {
    if (!UUID.test(id)) return undefined;
    const [row]: ExportacaoRow[] = await this.#sql.query(OF_PERSON, [id, usuarioId]);
    return row && exportacaoFrom(row);
  }

  async todasDe(usuarioId: string): Promise<readonly Exportacao[]> {
    const rows: ExportacaoRow[] = await this.#sql.query(ALL_OF_PERSON, [usuarioId]);
    return rows.map(exportacaoFrom);
  }

  async paraBaixar(id: string, geracao: number, em: Date): Promise<Exportacao | undefined> {
    const [row]: ExportacaoRow[] = await this.#sql.query(TO_DOWNLOAD, [id, geracao, em]);
    return row && exportacaoFrom(row);
  }
}
