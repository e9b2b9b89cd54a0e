import { describe, expect, it } from '@jest/globals';
import { falhaDeEnvioFrom } from './smtp-falha.ts';

const smtp = (fields: object) => Object.assign(new Error('550 <ana@exemplo.com> unknown'), fields);

describe('falhaDeEnvioFrom', () => {
  it.each([
    ['nobody listens', { code: 'ESOCKET', command: 'CONN' }, 'INDISPONIVEL'],
    ['the connection times out', { code: 'ETIMEDOUT', command: 'CONN' }, 'INDISPONIVEL'],
    ['our password is refused', { code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 535 }, 'CREDENCIAIS'],
    [
      'our password cannot be looked up',
      { code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 454 },
      'INDISPONIVEL',
    ],
    ['no way of signing in is known', { code: 'EAUTH', command: 'API' }, 'CREDENCIAIS'],
    [
      'our address is refused',
      { code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 550 },
      'INDISPONIVEL',
    ],
    ['the server closes down', { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 421 }, 'INDISPONIVEL'],
    ['the whole attempt takes too long', { code: 'EABORT' }, 'INDISPONIVEL'],
    [
      'the recipient is refused for now',
      { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 450 },
      'TEMPORARIA',
    ],
    [
      'the message is refused for now',
      { code: 'EMESSAGE', command: 'DATA', responseCode: 451 },
      'TEMPORARIA',
    ],
    ['it is no error of SMTP', {}, 'TEMPORARIA'],
    ['the recipient is refused', { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550 }, 'PERMANENTE'],
    ['the message is refused', { code: 'EMESSAGE', command: 'DATA', responseCode: 554 }, 'PERMANENTE'],
    ['the address is none', { code: 'EENVELOPE', command: 'API' }, 'PERMANENTE'],
  ])('when %s', (_, fields, tipo) => {
    expect(falhaDeEnvioFrom(smtp(fields)).tipo).toBe(tipo);
  });

  it('names codes and no address when the server repeats one', () => {
    const response = '550 5.1.1 <ana@exemplo.com> user unknown';
    const falha = falhaDeEnvioFrom(
      smtp({ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550, response }),
    );
    expect(falha.message).toBe('SMTP 550 5.1.1 EENVELOPE RCPT TO');
  });
});
