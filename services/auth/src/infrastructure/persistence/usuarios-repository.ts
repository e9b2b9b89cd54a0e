import { appendToOutbox } from '@plataforma/runtime/outbox';
import { isUniqueViolation } from '@plataforma/runtime/postgres';
import { ArrayContains, type DataSource } from 'typeorm';
import type { UsuariosRepository } from '../../application/ports.ts';
import { type Papel, Usuario } from '../../domain/usuario.ts';
import { toIntegrationEvent } from '../messaging/event-mapper.ts';
import { UsuarioSchema } from './schema.ts';

/** Accounts in PostgreSQL. */
export class TypeOrmUsuariosRepository implements UsuariosRepository {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async insert(usuario: Usuario): Promise<'ok' | 'email-taken' | 'id-taken'> {
    const { estado } = usuario;
    try {
      await this.#dataSource.transaction(async (manager) => {
        await manager.insert(UsuarioSchema, { ...estado, papeis: [...estado.papeis] });
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
    return this.#findOne({ email });
  }

  async findById(id: string): Promise<Usuario | undefined> {
    return this.#findOne({ id });
  }

  existsWithRole(papel: Papel): Promise<boolean> {
    return this.#dataSource.manager.existsBy(UsuarioSchema, { papeis: ArrayContains([papel]) });
  }

  async #findOne(where: { id: string } | { email: string }): Promise<Usuario | undefined> {
    const row = await this.#dataSource.manager.findOneBy(UsuarioSchema, where);
    return row ? Usuario.restaurar(row) : undefined;
  }
}
