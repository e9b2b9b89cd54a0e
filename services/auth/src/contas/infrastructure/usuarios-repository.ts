import { createHash } from 'node:crypto';
import { Result } from '@plataforma/domain/result';
import { appendToOutbox } from '@plataforma/runtime/outbox';
import { isUniqueViolation } from '@plataforma/runtime/postgres';
import {
  ArrayContains,
  type DataSource,
  type EntityManager,
  type FindOptionsWhere,
  MoreThanOrEqual,
  Not,
} from 'typeorm';
import type { Cadastro, SituacaoDasContas, UsuariosRepository } from '../application/ports.ts';
import { UsuarioNaoEncontradoError } from '../domain/recusa.ts';
import { type Papel, Usuario } from '../domain/usuario.ts';
import { toIntegrationEvent } from './event-mapper.ts';
import { type UsuarioRow, UsuarioSchema } from './usuario-schema.ts';

/** Rare, and two that demote each other must not both find another administrator. */
const ONE_CHANGE_AT_A_TIME = `select pg_advisory_xact_lock(hashtextextended('auth:usuarios', 0))`;

/** Accounts in PostgreSQL. */
export class TypeOrmUsuariosRepository implements UsuariosRepository {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async insert(usuario: Usuario, chave: string | undefined): Promise<'ok' | 'email-taken' | 'id-taken'> {
    const { estado } = usuario;
    try {
      await this.#dataSource.transaction(async (manager) => {
        const cadastroImpressao = chave !== undefined && { cadastroImpressao: digest({ ...estado, chave }) };
        await manager.insert(UsuarioSchema, { ...estado, papeis: [...estado.papeis], ...cadastroImpressao });
        const events = usuario.pullDomainEvents();
        await appendToOutbox(
          manager,
          events.map((event) => toIntegrationEvent(event, estado.versao)),
        );
      });
      return 'ok';
    } catch (error) {
      if (isUniqueViolation(error, 'usuarios_email_unico')) return 'email-taken';
      if (isUniqueViolation(error, 'usuarios_pkey')) return 'id-taken';
      throw error;
    }
  }

  async findByEmail(email: string): Promise<Usuario | undefined> {
    return findOne(this.#dataSource.manager, { email });
  }

  async findById(id: string): Promise<Usuario | undefined> {
    return findOne(this.#dataSource.manager, { id });
  }

  async openedBy(cadastro: Cadastro, desde: Date): Promise<Usuario | undefined> {
    return findOne(this.#dataSource.manager, {
      email: cadastro.email,
      cadastroImpressao: digest(cadastro),
      criadoEm: MoreThanOrEqual(desde),
    });
  }

  existsWithRole(papel: Papel): Promise<boolean> {
    return this.#dataSource.manager.existsBy(UsuarioSchema, { papeis: ArrayContains([papel]) });
  }

  change<E extends Error>(
    id: string,
    autorId: string | undefined,
    mudar: (usuario: Usuario, situacao: SituacaoDasContas) => Result<void, E>,
  ): Promise<Result<Usuario, E | UsuarioNaoEncontradoError>> {
    return this.#dataSource.transaction(async (manager) => {
      await manager.query(ONE_CHANGE_AT_A_TIME);
      const usuario = await findOne(manager, { id });
      if (!usuario) return Result.fail(new UsuarioNaoEncontradoError());
      const autor = autorId === undefined ? undefined : await findOne(manager, { id: autorId });
      const admins = { id: Not(id), papeis: ArrayContains(['ADMIN']), ativo: true };
      const outrosAdmins = await manager.countBy(UsuarioSchema, admins);
      const mudado = mudar(usuario, { outrosAdmins, autor });
      if (mudado.isFailure) return mudado;
      await this.#save(manager, usuario);
      return Result.ok(usuario);
    });
  }

  async #save(manager: EntityManager, usuario: Usuario): Promise<void> {
    const events = usuario.pullDomainEvents();
    if (events.length === 0) return;
    const { id, papeis, ...estado } = usuario.estado;
    await manager.update(UsuarioSchema, { id }, { ...estado, papeis: [...papeis] });
    await appendToOutbox(
      manager,
      events.map((event) => toIntegrationEvent(event, estado.versao)),
    );
  }
}

async function findOne(
  manager: EntityManager,
  where: FindOptionsWhere<UsuarioRow>,
): Promise<Usuario | undefined> {
  const row = await manager.findOneBy(UsuarioSchema, where);
  return row ? Usuario.restaurar(row) : undefined;
}

function digest({ chave, nome, email }: Cadastro): Buffer {
  return createHash('sha256').update([chave, nome, email].join('\0')).digest();
}
