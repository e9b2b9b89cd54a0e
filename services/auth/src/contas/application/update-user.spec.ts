import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { type EstadoUsuario, Usuario } from '../domain/usuario.ts';
import type { UsuariosRepository } from './ports.ts';
import { UpdateUserHandler } from './update-user.ts';

const em = new Date('2026-11-23T12:00:00Z');
const ana: EstadoUsuario = {
  ...{ id: 'cli_ana', nome: 'Ana', email: 'ana@exemplo.com', emailVerificado: true, senhaHash: 'h' },
  mfaAtivo: false,
  googleVinculado: false,
  ...{ papeis: ['CLIENTE'], ativo: true, substituidaEm: null, geracaoSessoes: 1 },
  ...{ versao: 1, criadoEm: em, atualizadoEm: em },
};
const admin = Usuario.restaurar({ ...ana, id: 'cli_admin', papeis: ['CLIENTE', 'ADMIN'] });

describe('UpdateUserHandler', () => {
  it('refuses a name that is none, also when nothing in front of it has looked', async () => {
    const usuarios = {
      findToChange: async () => Usuario.restaurar(ana),
      findById: async () => admin,
      outrosAdmins: async () => 1,
      save: async () => undefined,
    } as unknown as UsuariosRepository;
    const auditoria = { registrar: async () => undefined };
    const handler = new UpdateUserHandler({
      uow: { run: (work) => work({ usuarios, auditoria, claimKey: async () => {} }) },
      clock: new FixedClock(em.toISOString()),
    });
    const autor = { autorId: 'cli_admin', geracao: 1, origem: { endereco: '', dispositivo: '' } };
    const nomear = (nome: string) => handler.execute({ ...autor, usuarioId: 'cli_ana', mudanca: { nome } });
    expect(await nomear(' ')).toMatchObject({ isFailure: true, error: { motivo: 'REQUISICAO_INVALIDA' } });
    expect(await nomear('Bia')).toMatchObject({ isSuccess: true });
  });
});
