import { describe, expect, it } from '@jest/globals';
import { expectGolden } from '../../../../../test/support/golden.ts';
import { remetente } from '../../../../../test/support/samples.ts';
import { createModelos } from '../../modelos.ts';

const modelos = createModelos(remetente);
const mensagem = { modelo: 'BOAS_VINDAS', dados: { codigo: 'cli_4Fk2.tl3k2p.AbC-dEf_0123456789' } } as const;

describe('the message BOAS_VINDAS', () => {
  it('is the golden message', () => {
    const { html, texto, anexos } = modelos.renderizar(mensagem, '');
    expectGolden('boas-vindas.html.txt', html);
    expectGolden('boas-vindas.txt', texto);
    expect(anexos).toEqual([]);
  });

  it('has a subject that says what is to be done, and not the code', () => {
    expect(modelos.assunto(mensagem)).toBe('Confirme seu e-mail');
  });
});
