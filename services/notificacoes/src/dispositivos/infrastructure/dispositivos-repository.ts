import { createHash } from 'node:crypto';
import { IdRepetidoError } from '@plataforma/domain/id';
import { isUniqueViolation } from '@plataforma/runtime/postgres';
import type { Sql } from '@plataforma/runtime/transaction';
import type { Aparelho } from '../../canais/domain/push.ts';
import { TRAVAR_CONTATO } from '../../mensagens/infrastructure/fila.ts';
import type { DispositivoNovo, DispositivosRepository, Registrante } from '../application/ports.ts';
import type { Dispositivo } from '../domain/dispositivo.ts';

/** One at a time for each person, so that their number stays true, and none beside the end of their sessions. */
export const TRAVAR_PESSOA = `select pg_advisory_xact_lock(hashtextextended('dispositivos:' || $1, 0))`;
/** Exclusive for who ends the session. */
export const TRAVAR_SESSAO = `select pg_advisory_xact_lock(hashtextextended('dispositivos:sessao:' || $1, 0))`;
const TRAVAR_SESSAO_JUNTO = TRAVAR_SESSAO.replace('lock(', 'lock_shared(');

/** The tables are those that the service knows ended sessions by, for longer than a token lives. */
const EM_VIGOR = `
  select not exists (select from contatos where usuario_id = $1 and removido_em is not null)
    and not exists (select from sessoes_encerradas where usuario_id = $1 and geracao > $2)
    and not exists (select from sessoes_revogadas where sessao_id = $3) as "emVigor"`;

/** When the session must have ended: of one that an older release has registered, as long after that as an unused session lives. */
export const SESSAO_ATE = `coalesce(sessao_ate, registrado_em + interval '30 days')`;

const COLUNAS = `id, tipo, nome, criado_em as "criadoEm", ultimo_envio_em as "ultimoEnvioEm"`;

const KNOWN = `
  select from dispositivos_push where cliente_id = $1 and impressao = $2`;

/** Each has its notice, which stays when the device goes. */
const NEW_SINCE = `
  select count(*)::int as quantos from notificacoes
  where cliente_id = $1 and criada_em > $2 and modelo = 'AVISO_DE_SEGURANCA' and dados ->> 'tipo' = 'DISPOSITIVO_REGISTRADO'`;

/** Another person's becomes another device: nothing of what was theirs stays with it. */
const REGISTER = `
  insert into dispositivos_push as d
    (id, cliente_id, tipo, nome, impressao, token, endpoint, p256dh, auth, chave_publica, geracao, sessao_id, criado_em, registrado_em,
      sessao_ate)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14)
  on conflict (impressao) do update
    set id = case when d.cliente_id = excluded.cliente_id then d.id else excluded.id end,
      criado_em = case when d.cliente_id = excluded.cliente_id then d.criado_em else excluded.criado_em end,
      ultimo_envio_em = case when d.cliente_id = excluded.cliente_id then d.ultimo_envio_em end,
      cliente_id = excluded.cliente_id, tipo = excluded.tipo, nome = excluded.nome, token = excluded.token,
      endpoint = excluded.endpoint, p256dh = excluded.p256dh, auth = excluded.auth,
      chave_publica = excluded.chave_publica, geracao = excluded.geracao, sessao_id = excluded.sessao_id,
      registrado_em = excluded.registrado_em, sessao_ate = excluded.sessao_ate, versao = d.versao + 1
  returning ${COLUNAS}`;

const KEEP = `
  delete from dispositivos_push where id in (
    select id from dispositivos_push where cliente_id = $1 order by registrado_em desc, id offset $2)`;

const ONE = `select ${COLUNAS} from dispositivos_push where id = $1 and cliente_id = $2`;

const ALL = `
  select ${COLUNAS} from dispositivos_push where cliente_id = $1 and ${SESSAO_ATE} > $2 order by registrado_em desc, id`;

type Row = Omit<Dispositivo, 'ultimoEnvioEm'> & { readonly ultimoEnvioEm: Date | null };

/** Devices in PostgreSQL. */
export class PostgresDispositivosRepository implements DispositivosRepository {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async travar({ clienteId, sessaoId, geracao }: Registrante): Promise<boolean> {
    await this.#sql.query(TRAVAR_CONTATO, [clienteId]);
    await this.#sql.query(TRAVAR_PESSOA, [clienteId]);
    await this.#sql.query(TRAVAR_SESSAO_JUNTO, [sessaoId]);
    const [linha]: { emVigor: boolean }[] = await this.#sql.query(EM_VIGOR, [clienteId, geracao, sessaoId]);
    return linha?.emVigor === true;
  }

  async conhece(clienteId: string, aparelho: Aparelho): Promise<boolean> {
    const linhas: unknown[] = await this.#sql.query(KNOWN, [clienteId, impressaoDe(aparelho)]);
    return linhas.length > 0;
  }

  async novosDesde(clienteId: string, desde: Date): Promise<number> {
    const [linha]: { quantos: number }[] = await this.#sql.query(NEW_SINCE, [clienteId, desde]);
    return linha?.quantos ?? 0;
  }

  async registrar(novo: DispositivoNovo, maximo: number): Promise<Dispositivo> {
    const { id, clienteId, nome, aparelho, geracao, sessaoId, em, sessaoAte } = novo;
    const meios = meiosDe(aparelho);
    const valores = [
      id,
      clienteId,
      aparelho.tipo,
      nome,
      impressaoDe(aparelho),
      ...meios,
      geracao,
      sessaoId,
      em,
      sessaoAte,
    ];
    const [row] = await this.#insert(valores);
    await this.#sql.query(KEEP, [clienteId, maximo]);
    return fromRow(row as Row);
  }

  async findById(id: string, clienteId: string): Promise<Dispositivo | undefined> {
    const [row]: Row[] = await this.#sql.query(ONE, [id, clienteId]);
    return row && fromRow(row);
  }

  async doCliente(clienteId: string, agora: Date): Promise<Dispositivo[]> {
    const rows: Row[] = await this.#sql.query(ALL, [clienteId, agora]);
    return rows.map(fromRow);
  }

  async remover(id: string, clienteId: string): Promise<boolean> {
    const apagar = 'delete from dispositivos_push where id = $1 and cliente_id = $2';
    const [, quantos]: [unknown[], number] = await this.#sql.query(apagar, [id, clienteId]);
    return quantos === 1;
  }

  async removerTodos(clienteId: string): Promise<number> {
    const apagar = 'delete from dispositivos_push where cliente_id = $1';
    const [, quantos]: [unknown[], number] = await this.#sql.query(apagar, [clienteId]);
    return quantos;
  }

  async #insert(valores: unknown[]): Promise<Row[]> {
    try {
      return await this.#sql.query(REGISTER, valores);
    } catch (error) {
      if (!isUniqueViolation(error, 'dispositivos_push_pkey')) throw error;
      throw new IdRepetidoError(`${valores[0]} is taken`, { cause: error });
    }
  }
}

/** The same for who registers it, with whichever keys. */
function impressaoDe(aparelho: Aparelho): Buffer {
  const endereco = aparelho.tipo === 'FCM' ? aparelho.token : aparelho.endpoint;
  return createHash('sha256').update(`${aparelho.tipo} ${endereco}`).digest();
}

function meiosDe(aparelho: Aparelho): readonly (string | null)[] {
  if (aparelho.tipo === 'FCM') return [aparelho.token, null, null, null, null];
  const { endpoint, p256dh, auth, chavePublica } = aparelho;
  return [null, endpoint, p256dh, auth, chavePublica];
}

const fromRow = ({ ultimoEnvioEm, ...row }: Row): Dispositivo => ({
  ...row,
  ultimoEnvioEm: ultimoEnvioEm ?? undefined,
});
