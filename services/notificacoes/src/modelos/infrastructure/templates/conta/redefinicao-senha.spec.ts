import { describe, expect, it } from '@jest/globals';
import { expectGolden } from '../../../../../test/support/golden.ts';
import { remetente } from '../../../../../test/support/samples.ts';
import { createModelos } from '../../modelos.ts';

const modelos = createModelos(remetente);
const dados = { codigo: 'AbC-dEf_0123456789', email: 'ana@exemplo.com' };
const mensagem = { modelo: 'REDEFINICAO_SENHA', dados } as const;

describe('the message REDEFINICAO_SENHA', () => {
  it('is the golden message', () => {
    const { html, texto, anexos } = modelos.renderizar(mensagem, '');
    expectGolden('redefinicao-senha.html.txt', html);
    expectGolden('redefinicao-senha.txt', texto);
    expect(anexos).toEqual([]);
  });

  it('says that the account gets the address back, where it does', () => {
    const devolve = { ...mensagem, dados: { ...dados, devolveEndereco: true } };
    const deVolta = 'A sua conta volta então a ter este e-mail.';
    expect(modelos.renderizar(devolve, '').texto).toContain(deVolta);
    expect(modelos.renderizar(mensagem, '').texto).not.toContain(deVolta);
  });

  it('has a subject that says what is to be done, and not the code', () => {
    expect(modelos.assunto(mensagem)).toBe('Redefina sua senha');
  });
});
