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
      em,
    });
    expect(usuario.pullDomainEvents()).toEqual([
      {
        tipo: 'UsuarioRegistrado',
        usuarioId: 'cli_1',
        nome: 'Ana',
        ativo: true,
        email: 'a@b.co',
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
      em,
    });
    expect(Usuario.restaurar(estado).pullDomainEvents()).toEqual([]);
  });
});
