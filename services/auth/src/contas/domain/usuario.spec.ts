import { describe, expect, it } from '@jest/globals';
import { Usuario } from './usuario.ts';

function registrar(dados: Parameters<typeof Usuario.registrar>[0]): Usuario {
  const registrado = Usuario.registrar(dados);
  if (registrado.isFailure) throw registrado.error;
  return registrado.value;
}

const em = new Date('2026-11-23T12:00:00Z');

describe('Usuario', () => {
  it('is active at version 1, with a normalised e-mail, when it registers', () => {
    const usuario = registrar({
      id: 'cli_1',
      nome: ' Ana ',
      email: ' Ana@Exemplo.COM ',
      senhaHash: 'h',
      papeis: ['CLIENTE'],
      codigoVerificacao: 'codigo',
      em,
    });
    expect(usuario.estado).toMatchObject({
      nome: 'Ana',
      email: 'ana@exemplo.com',
      ativo: true,
      versao: 1,
      criadoEm: em,
    });
  });

  it('announces the registration once', () => {
    const usuario = registrar({
      id: 'cli_1',
      nome: 'Ana',
      email: 'a@b.co',
      senhaHash: 'h',
      papeis: ['CLIENTE'],
      codigoVerificacao: 'codigo',
      em,
    });
    expect(usuario.pullDomainEvents()).toEqual([
      {
        tipo: 'UsuarioRegistrado',
        usuarioId: 'cli_1',
        nome: 'Ana',
        ativo: true,
        email: 'a@b.co',
        emailVerificado: false,
        geracaoSessoes: 1,
        codigoVerificacao: 'codigo',
        papeis: ['CLIENTE'],
        em,
      },
    ]);
    expect(usuario.pullDomainEvents()).toEqual([]);
  });

  it('announces nothing when it is restored', () => {
    const { estado } = registrar({
      id: 'cli_1',
      nome: 'Ana',
      email: 'a@b.co',
      senhaHash: 'h',
      papeis: ['CLIENTE'],
      codigoVerificacao: 'codigo',
      em,
    });
    expect(Usuario.restaurar(estado).pullDomainEvents()).toEqual([]);
  });

  it('has a verified address once that is proved, and says so once', () => {
    const dados = {
      id: 'cli_1',
      nome: 'Ana',
      email: 'a@b.co',
      senhaHash: 'h',
      papeis: ['CLIENTE'] as const,
      em,
    };
    expect(registrar({ ...dados, codigoVerificacao: undefined }).estado.emailVerificado).toBe(true);
    const usuario = registrar({ ...dados, codigoVerificacao: 'codigo' });
    usuario.pullDomainEvents();
    usuario.verificarEmail(em);
    usuario.verificarEmail(em);
    expect(usuario.pullDomainEvents()).toMatchObject([{ tipo: 'UsuarioAtualizado', emailVerificado: true }]);
  });

  it.each([
    ['a suspension', { ativo: false }, 2],
    ['another role', { papeis: ['CLIENTE', 'GESTOR'] as const }, 2],
    ['another name', { nome: 'Bia' }, 1],
    ['the roles it has', { papeis: ['CLIENTE'] as const, nome: 'Bia' }, 1],
  ])('starts a generation of sessions with what ends the last one: %s', (_, mudanca, geracaoSessoes) => {
    const dados = {
      id: 'cli_1',
      nome: 'Ana',
      email: 'a@b.co',
      senhaHash: 'h',
      papeis: ['CLIENTE'] as const,
      em,
    };
    const usuario = registrar({ ...dados, codigoVerificacao: undefined });
    usuario.atualizar(mudanca, em);
    expect(usuario.estado.geracaoSessoes).toBe(geracaoSessoes);
    usuario.atualizar({ ativo: true }, em);
    expect(usuario.estado.geracaoSessoes).toBe(geracaoSessoes);
  });

  it('changes its name alone, and says nothing when everything is as it is wanted', () => {
    const dados = {
      id: 'cli_1',
      nome: 'Ana',
      email: 'a@b.co',
      senhaHash: 'h',
      papeis: ['CLIENTE'] as const,
      em,
    };
    const usuario = registrar({ ...dados, codigoVerificacao: undefined });
    usuario.pullDomainEvents();
    usuario.atualizar({ nome: 'Bia' }, em);
    expect(usuario.pullDomainEvents()).toMatchObject([{ tipo: 'UsuarioAtualizado', nome: 'Bia' }]);
    usuario.atualizar({ nome: ' Bia ', papeis: ['CLIENTE'], ativo: true }, em);
    expect([usuario.estado.versao, usuario.pullDomainEvents()]).toEqual([2, []]);
  });

  it.each(['  ', '\u200b\u200b', 'A', 'Ana\nBia', '🙂'.repeat(121)])('has no name like %j', (nome) => {
    const dados = { id: 'cli_1', email: 'a@b.co', senhaHash: 'h', papeis: ['CLIENTE'] as const, em };
    const registrado = Usuario.registrar({ ...dados, nome, codigoVerificacao: undefined });
    expect(registrado).toMatchObject({ isFailure: true, error: { motivo: 'REQUISICAO_INVALIDA' } });
    const usuario = registrar({ ...dados, nome: 'Ana', codigoVerificacao: undefined });
    expect(usuario.atualizar({ nome, ativo: false }, em).isFailure).toBe(true);
    expect(usuario.estado).toMatchObject({ nome: 'Ana', ativo: true });
  });
});
