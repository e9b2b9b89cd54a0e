import { EntitySchema } from 'typeorm';
import type { EstadoUsuario, Papel } from '../domain/usuario.ts';

/** Row of `usuarios`: the state of the aggregate, column by column. */
export type UsuarioRow = Omit<EstadoUsuario, 'papeis'> & {
  papeis: Papel[];
  /** What the account was opened with; asked for, and not answered. */
  cadastroImpressao?: Buffer;
};

export const UsuarioSchema = new EntitySchema<UsuarioRow>({
  name: 'Usuario',
  tableName: 'usuarios',
  columns: {
    id: { type: 'text', primary: true },
    nome: { type: 'text' },
    email: { type: 'text' },
    emailVerificado: { type: 'boolean', name: 'email_verificado' },
    senhaHash: { type: 'text', name: 'senha_hash' },
    papeis: { type: 'text', array: true },
    ativo: { type: 'boolean' },
    geracaoSessoes: { type: 'integer', name: 'geracao_sessoes' },
    versao: { type: 'integer' },
    criadoEm: { type: 'timestamptz', name: 'criado_em' },
    atualizadoEm: { type: 'timestamptz', name: 'atualizado_em' },
    cadastroImpressao: { type: 'bytea', name: 'cadastro_impressao', nullable: true, select: false },
  },
});
