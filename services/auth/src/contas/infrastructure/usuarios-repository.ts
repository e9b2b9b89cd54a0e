import { createHash } from 'node:crypto';
import { answersOf } from '@plataforma/domain/answers-of';
import { IdRepetidoError } from '@plataforma/domain/id';
import { storeEndedAccount } from '@plataforma/runtime/ended-sessions-table';
import { appendToOutbox } from '@plataforma/runtime/outbox';
import { isUniqueViolation } from '@plataforma/runtime/postgres';
import type { Sql } from '@plataforma/runtime/transaction';
import {
  type Cadastro,
  type ConsultaDeUsuarios,
  type ContasDoEmail,
  EmailDeOutraContaError,
  type UsuariosRepository,
  type Volta,
} from '../application/ports.ts';
import { type EstadoUsuario, type Papel, Usuario, type UsuarioEvent } from '../domain/usuario.ts';
import { toIntegrationEvent } from './event-mapper.ts';

/** Of `usuarios`: the state of an account. */
export const COLUNAS = `
  usuarios.id, nome, email, email_verificado as "emailVerificado", senha_hash as "senhaHash", papeis, ativo,
  (exists (select 1 from fatores where usuario_id = usuarios.id and ativado_em is not null)
    or exists (select 1 from passkeys where usuario_id = usuarios.id)) as "mfaAtivo",
  exists (select 1 from vinculos where usuario_id = usuarios.id) as "googleVinculado",
  substituida_em as "substituidoEm", geracao_sessoes as "geracaoSessoes", geracao_senha as "geracaoSenha", versao,
  criado_em as "criadoEm", atualizado_em as "atualizadoEm"`;

/** What is left of an account that is gone is found by nobody. */
const FIND = `select ${COLUNAS} from usuarios where removida_em is null`;

const BY_ID = `${FIND} and id = $1`;

/** The table is filled by whoever stores that a session is over. */
const IN_SESSION = `${BY_ID} and not exists (select 1 from sessoes_terminadas where sessao_id = $2)`;

/** A sign-up that takes its place waits, or has taken it. */
const TO_CHANGE = `${BY_ID} for update`;

/** The one that is verified comes first. */
const BY_EMAIL = `
  ${FIND} and email = $1 and (email_verificado or substituida_em is null) order by email_verificado desc`;

/** Sign-ups with one address take turns: each must see the account whose place it takes. */
const ONE_SIGN_UP_AT_A_TIME = `select pg_advisory_xact_lock(hashtextextended('auth:email:' || $1, 0))`;

/** Not while one of them is being verified: afterwards it is seen as it has become. */
const BY_EMAIL_TO_OPEN = `${BY_EMAIL} for update`;

const MAY_COME_BACK = `
  select usuario_id as "usuarioId", vence_em as ate from enderecos_deixados where email = $1 and vence_em > $2`;

const MARK_REPEATED = `
  update usuarios set cadastro_repetido_em = $2
  where id = $1 and (cadastro_repetido_em is null or cadastro_repetido_em <= $3)`;

const BY_SIGN_UP = `${FIND} and email = $1 and cadastro_impressao = $2 and criado_em >= $3
  order by criado_em desc, id desc limit 1`;

const WITH_ROLE = 'select 1 from usuarios where papeis @> array[$1] and substituida_em is null limit 1';

const OTHER_ADMINS = `
  select count(*)::int as quantos from usuarios 
  where id <> $1 and ativo and substituida_em is null and papeis @> array['ADMIN']`;

/** Changes are rare, and two administrators that demote each other must not both find another one. */
const ONE_CHANGE_AT_A_TIME = `select pg_advisory_xact_lock(hashtextextended('auth:usuarios', 0))`;

const INSERT = `
  insert into usuarios (id, nome, email, email_verificado, senha_hash, papeis, ativo, substituida_em, geracao_sessoes,
    versao, criado_em, atualizado_em, geracao_senha, cadastro_impressao)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`;

const UPDATE = `
  update usuarios
  set nome = $2, email = $3, email_verificado = $4, senha_hash = $5, papeis = $6, ativo = $7, substituida_em = $8,
    geracao_sessoes = $9, versao = $10, criado_em = $11, atualizado_em = $12, geracao_senha = $13
  where id = $1`;

const REHASH = 'update usuarios set senha_hash = $3 where id = $1 and senha_hash = $2';

/** What keeps an address that another account has verified, or may come back to. */
const DE_OUTRA = ['usuarios_email_verificado', 'usuarios_endereco_livre'];

/** Hears of an account whose sessions of earlier generations are over, if the transaction commits. */
export type SessoesTerminam = (usuarioId: string, geracao: number, em: Date) => void;

/** Accounts in PostgreSQL. */
export class PostgresUsuariosRepository implements ConsultaDeUsuarios, UsuariosRepository {
  readonly #sql: Sql;
  readonly #told: SessoesTerminam | undefined;

  /** @param told of accounts that are stored at a later generation of sessions than the first */
  constructor(sql: Sql, told?: SessoesTerminam) {
    this.#sql = sql;
    this.#told = told;
  }

  findById(id: string): Promise<Usuario | undefined> {
    return this.#find(BY_ID, id);
  }

  findInSession(id: string, sessaoId: string): Promise<Usuario | undefined> {
    return this.#find(IN_SESSION, id, sessaoId);
  }

  findByEmail(email: string): Promise<Usuario | undefined> {
    return this.#find(BY_EMAIL, email);
  }

  async comEmail(email: string): Promise<ContasDoEmail> {
    return contas(await this.#sql.query(BY_EMAIL, [email]));
  }

  async comEmailParaAbrir(email: string): Promise<ContasDoEmail> {
    const [, rows] = await answersOf([
      this.#sql.query(ONE_SIGN_UP_AT_A_TIME, [email]),
      this.#sql.query<EstadoUsuario[]>(BY_EMAIL_TO_OPEN, [email]),
    ]);
    return contas(rows);
  }

  async voltaPara(email: string, em: Date): Promise<Volta | undefined> {
    const [volta]: Volta[] = await this.#sql.query(MAY_COME_BACK, [email, em]);
    return volta;
  }

  async marcarCadastroRepetido(id: string, em: Date, desde: Date): Promise<boolean> {
    const [, marked]: [unknown[], number] = await this.#sql.query(MARK_REPEATED, [id, em, desde]);
    return marked > 0;
  }

  abertaCom(cadastro: Cadastro, desde: Date): Promise<Usuario | undefined> {
    return this.#find(BY_SIGN_UP, cadastro.email, digest(cadastro), desde);
  }

  async existeCom(papel: Papel): Promise<boolean> {
    const rows: unknown[] = await this.#sql.query(WITH_ROLE, [papel]);
    return rows.length > 0;
  }

  async findToChange(id: string): Promise<Usuario | undefined> {
    const [, usuario] = await answersOf([this.#sql.query(ONE_CHANGE_AT_A_TIME), this.#find(TO_CHANGE, id)]);
    return usuario;
  }

  findOwnToChange(id: string): Promise<Usuario | undefined> {
    return this.#find(TO_CHANGE, id);
  }

  async outrosAdmins(id: string): Promise<number> {
    const [row]: Array<{ quantos: number }> = await this.#sql.query(OTHER_ADMINS, [id]);
    return row?.quantos ?? 0;
  }

  async add(usuario: Usuario, chave?: string): Promise<void> {
    const { estado } = usuario;
    const impressao = chave === undefined ? null : digest({ ...estado, chave });
    await this.#store(INSERT, estado, impressao);
    await this.#announce(usuario, usuario.pullDomainEvents());
  }

  async save(usuario: Usuario): Promise<void> {
    const events = usuario.pullDomainEvents();
    if (events.length === 0) return;
    const { id, geracaoSessoes, atualizadoEm } = usuario.estado;
    await this.#store(UPDATE, usuario.estado);
    await this.#announce(usuario, events);
    if (geracaoSessoes === 1) return;
    await storeEndedAccount(this.#sql, id, geracaoSessoes, atualizadoEm);
    this.#told?.(id, geracaoSessoes, atualizadoEm);
  }

  async rehash(id: string, antes: string, depois: string): Promise<void> {
    await this.#sql.query(REHASH, [id, antes, depois]);
  }

  async #find(sql: string, ...parameters: unknown[]): Promise<Usuario | undefined> {
    const [row]: EstadoUsuario[] = await this.#sql.query(sql, parameters);
    return row && Usuario.restaurar(row);
  }

  async #store(sql: string, estado: EstadoUsuario, ...more: unknown[]): Promise<void> {
    try {
      await this.#sql.query(sql, [...columns(estado), ...more]);
    } catch (error) {
      if (isUniqueViolation(error, 'usuarios_pkey'))
        throw new IdRepetidoError(`${estado.id} is taken`, { cause: error });
      if (DE_OUTRA.some((guarda) => isUniqueViolation(error, guarda)))
        throw new EmailDeOutraContaError(`the address of ${estado.id} belongs to another account`, {
          cause: error,
        });
      throw error;
    }
  }

  #announce({ estado }: Usuario, events: readonly UsuarioEvent[]): Promise<void> {
    return appendToOutbox(
      this.#sql,
      events.map((event) => toIntegrationEvent(event, estado.versao)),
    );
  }
}

function contas(rows: readonly EstadoUsuario[]): ContasDoEmail {
  const todas = rows.map((row) => Usuario.restaurar(row));
  return {
    titular: todas.find(({ estado }) => estado.emailVerificado),
    provisoria: todas.find(({ estado }) => !estado.emailVerificado),
  };
}

/** In the order of the statements. */
function columns(estado: EstadoUsuario): unknown[] {
  const { id, nome, email, emailVerificado, senhaHash, papeis, ativo } = estado;
  const { substituidoEm, geracaoSessoes, geracaoSenha, versao, criadoEm, atualizadoEm } = estado;
  const conta = [id, nome, email, emailVerificado, senhaHash, papeis, ativo];
  return [...conta, substituidoEm, geracaoSessoes, versao, criadoEm, atualizadoEm, geracaoSenha];
}

function digest({ chave, nome, email }: Cadastro): Buffer {
  return createHash('sha256').update([chave, nome, email].join('\0')).digest();
}
