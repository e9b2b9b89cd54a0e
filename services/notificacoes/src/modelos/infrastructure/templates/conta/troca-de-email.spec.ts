import { describe, expect, it } from '@jest/globals';
import { expectGolden } from '../../../../../test/support/golden.ts';
import { remetente } from '../../../../../test/support/samples.ts';
import { createModelos } from '../../modelos.ts';

const modelos = createModelos(remetente);
const dados = { codigo: 'AbC-dEf_0123456789', email: 'ana@exemplo.com' };
const mensagem = { modelo: 'TROCA_DE_EMAIL', dados } as const;

describe('the message TROCA_DE_EMAIL', () => {
  it('is the golden message', () => {
    const { html, texto, anexos } = modelos.renderizar(mensagem, '');
    expectGolden('troca-de-email.html.txt', html);
    expectGolden('troca-de-email.txt', texto);
    expect(anexos).toEqual([]);
  });

  it('has a subject that says what is to be done, and not the code', () => {
    expect(modelos.assunto(mensagem)).toBe('Confirme seu novo e-mail');
  });
});
