import { describe, expect, it } from '@jest/globals';
import { fields } from './config.ts';

describe('EMAIL_FROM', () => {
  it.each([
    [
      'Plataforma de Reservas <reservas@exemplo.com>',
      { nome: 'Plataforma de Reservas', email: 'reservas@exemplo.com' },
    ],
    ['<reservas@exemplo.com>', { nome: '', email: 'reservas@exemplo.com' }],
    ['reservas@exemplo.com', { nome: '', email: 'reservas@exemplo.com' }],
  ])('reads %j', (text, contato) => {
    expect(fields.emailFrom.parse(text)).toEqual(contato);
  });

  it.each(['reservas', 'Nome', 'a@b, c@d', 'Nome <a@b> <c@d>', 'Nome\r\nBcc: x <a@b.co>'])(
    'refuses %j',
    (text) => {
      expect(() => fields.emailFrom.parse(text)).toThrow('needs an address');
    },
  );
});
