import { describe, expect, it } from '@jest/globals';
import { Usuario } from './usuario.ts';

const em = new Date('2026-11-23T12:00:00Z');

describe('Usuario', () => {
  it('is active at version 1, with a normalised e-mail, when it registers', () => {
    const usuario = Usuario.registrar({
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
    const usuario = Usuario.registrar({
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
    const { estado } = Usuario.registrar({
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
    expect(Usuario.registrar({ ...dados, codigoVerificacao: undefined }).estado.emailVerificado).toBe(true);
    const usuario = Usuario.registrar({ ...dados, codigoVerificacao: 'codigo' });
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
    const usuario = Usuario.registrar({ ...dados, codigoVerificacao: undefined });
    usuario.atualizar(mudanca, em);
    expect(usuario.estado.geracaoSessoes).toBe(geracaoSessoes);
    usuario.atualizar({ ativo: true }, em);
    expect(usuario.estado.geracaoSessoes).toBe(geracaoSessoes);
  });
});
