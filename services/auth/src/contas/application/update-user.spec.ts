import { describe, expect, it } from '@jest/globals';
import { Result } from '@plataforma/domain/result';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import type { ConfirmOwner } from '../../credenciais/application/confirm-owner.ts';
import type { Transacao as DosFatores } from '../../fatores/application/ports.ts';
import { type EstadoUsuario, Usuario } from '../domain/usuario.ts';
import { ConfirmAdministrator } from './confirm-administrator.ts';
import type { UsuariosRepository } from './ports.ts';
import { UpdateUserHandler } from './update-user.ts';

const em = new Date('2026-11-23T12:00:00Z');
const ana: EstadoUsuario = {
  ...{ id: 'cli_ana', nome: 'Ana', email: 'ana@exemplo.com', emailVerificado: true, senhaHash: 'h' },
  mfaAtivo: false,
  googleVinculado: false,
  ...{ papeis: ['CLIENTE'], ativo: true, substituidoEm: null, geracaoSessoes: 1, geracaoSenha: 1 },
  ...{ versao: 1, criadoEm: em, atualizadoEm: em },
};
const admin = Usuario.restaurar({ ...ana, id: 'cli_admin', papeis: ['CLIENTE', 'ADMIN'] });

const autor = {
  ...{ autorId: 'cli_admin', geracao: 1, origem: { endereco: '', dispositivo: '' } },
  ...{ autenticadoEm: undefined, senha: 'h', codigo: '' },
};

/** Of an account that is `lida` before the lock, and `agora` under it. */
function handlerDe(lida: EstadoUsuario, agora: EstadoUsuario) {
  const usuarios = {
    findToChange: async () => Usuario.restaurar(agora),
    findById: async () => admin,
    outrosAdmins: async () => 1,
    save: async () => undefined,
  } as unknown as UsuariosRepository;
  const auditoria = { registrar: async () => undefined };
  const dosFatores = { segundoFator: { provar: async () => Result.ok(undefined) } } as unknown as DosFatores;
  const consulta = { findById: async (id: string) => (id === ana.id ? Usuario.restaurar(lida) : admin) };
  const confirmOwner: Pick<ConfirmOwner, 'execute'> = { execute: async () => Result.ok(undefined) };
  return new UpdateUserHandler({
    consulta,
    confirmAdministrator: new ConfirmAdministrator({ consulta, confirmOwner }),
    uow: { run: (work) => work({ usuarios, auditoria, ...dosFatores, claimKey: async () => {} }) },
    clock: new FixedClock(em.toISOString()),
  });
}

describe('UpdateUserHandler', () => {
  it('refuses a name that is none, also when nothing in front of it has looked', async () => {
    const handler = handlerDe(ana, ana);
    const nomear = (nome: string) => handler.execute({ ...autor, usuarioId: 'cli_ana', mudanca: { nome } });
    expect(await nomear(' ')).toMatchObject({ isFailure: true, error: { motivo: 'REQUISICAO_INVALIDA' } });
    expect(await nomear('Bia')).toMatchObject({ isSuccess: true });
  });

  it('gives no role for which nobody was asked, as the account had it when it was read', async () => {
    const papeis = ['CLIENTE', 'ADMIN'] as const;
    const mudanca = { papeis };
    const pedido = { ...autor, usuarioId: ana.id, mudanca };
    const perdido = await handlerDe({ ...ana, papeis }, ana).execute(pedido);
    expect(perdido).toMatchObject({ isFailure: true, error: { motivo: 'CREDENCIAIS_INVALIDAS' } });
    expect(await handlerDe(ana, ana).execute(pedido)).toMatchObject({ isSuccess: true });
  });
});
