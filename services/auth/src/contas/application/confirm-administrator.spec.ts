import { describe, expect, it } from '@jest/globals';
import { Result } from '@plataforma/domain/result';
import { MfaCodigoNecessarioError } from '../../fatores/domain/recusa.ts';
import { type EstadoUsuario, Usuario } from '../domain/usuario.ts';
import { ConfirmAdministrator, provarDeNovo } from './confirm-administrator.ts';

const em = new Date('2026-11-23T12:00:00Z');
const admin: EstadoUsuario = {
  ...{ id: 'cli_admin', nome: 'Ada', email: 'ada@exemplo.com', emailVerificado: true, senhaHash: 'h' },
  ...{ mfaAtivo: false, googleVinculado: false },
  ...{ papeis: ['CLIENTE', 'ADMIN'], ativo: true, substituidoEm: null, geracaoSessoes: 1, geracaoSenha: 1 },
  ...{ versao: 1, criadoEm: em, atualizadoEm: em },
};

const command = {
  ...{ autorId: 'cli_admin', usuarioId: 'cli_ana', geracao: 1, senha: 's', codigo: '' },
  ...{ autenticadoEm: undefined, origem: { endereco: '', dispositivo: '' } },
};

const negado = { isFailure: true, error: { motivo: 'ACESSO_NEGADO' } };

/** With the author's account as it is; what was asked for is told. */
function asking(conta: EstadoUsuario | undefined) {
  const asked: string[] = [];
  const usuarios = { findById: async () => conta && Usuario.restaurar(conta) };
  const confirm = new ConfirmAdministrator({
    consulta: usuarios,
    confirmOwner: {
      execute: async ({ chamada }) => {
        asked.push(chamada);
        return Result.ok(undefined);
      },
    },
  });
  const segundoFator = {
    soSenha: async () => false,
    provar: async () => {
      asked.push('fator');
      return Result.fail(new MfaCodigoNecessarioError());
    },
  };
  return { asked, confirm, tx: { usuarios, segundoFator } };
}

const nenhum: ReadonlyArray<[string, EstadoUsuario | undefined]> = [
  ['is gone', undefined],
  ['is no administrator', { ...admin, papeis: ['CLIENTE'] }],
  ['is switched off', { ...admin, ativo: false }],
];

describe('ConfirmAdministrator', () => {
  it.each(nenhum)('asks for no password when the author %s', async (_, conta) => {
    const { asked, confirm } = asking(conta);
    expect(await confirm.execute(command, 'UpdateUser')).toMatchObject(negado);
    expect(asked).toEqual([]);
  });

  it('asks for that of an administrator, also about their own account, where that may be', async () => {
    const { asked, confirm } = asking(admin);
    const propria = { ...command, usuarioId: 'cli_admin' };
    expect(await confirm.execute(propria, 'UpdateUser')).toMatchObject({ isSuccess: true });
    expect(await confirm.ofSomebodyElse(command, 'DeleteUser')).toMatchObject({ isSuccess: true });
    expect(await confirm.ofSomebodyElse(propria, 'ResetUserMfa')).toMatchObject(negado);
    expect(asked).toEqual(['UpdateUser', 'DeleteUser']);
  });
});

describe('an administrator without a password', () => {
  it('has a second factor, or does nothing of this: a login of just now is in every copied session (ASVS 7.5.1)', async () => {
    const { asked, confirm } = asking({ ...admin, senhaHash: null });
    expect(await confirm.execute(command, 'UpdateUser')).toMatchObject({
      ...{ isFailure: true, error: { motivo: 'SENHA_NECESSARIA' } },
    });
    expect(await confirm.ofSomebodyElse(command, 'ResetUserMfa')).toMatchObject({ isFailure: true });
    expect(asked).toEqual([]);
    const comFator = asking({ ...admin, senhaHash: null, mfaAtivo: true });
    expect(await comFator.confirm.execute(command, 'UpdateUser')).toMatchObject({ isSuccess: true });
    expect(comFator.asked).toEqual(['UpdateUser']);
  });
});

describe('provarDeNovo', () => {
  const pedido = { tipo: 'CONTA_REMOVIDA', em } as const;

  it.each([...nenhum, ['has ended that session', { ...admin, geracaoSessoes: 2 }] as const])(
    'uses no code up when the author %s meanwhile',
    async (_, conta) => {
      const { asked, tx } = asking(conta);
      expect(await provarDeNovo(tx, command, pedido)).toMatchObject(negado);
      expect(asked).toEqual([]);
    },
  );

  it('refuses as the factor of the author does', async () => {
    const { tx } = asking(admin);
    const refused = await provarDeNovo(tx, command, pedido);
    expect(refused).toMatchObject({ isFailure: true, error: { motivo: 'MFA_CODIGO_NECESSARIO' } });
  });
});
