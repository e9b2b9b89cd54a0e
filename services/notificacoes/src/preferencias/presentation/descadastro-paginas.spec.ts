import { describe, expect, it } from '@jest/globals';
import { comIdiomas, ptBR } from '../../../test/support/idiomas.ts';
import { pseudoIdioma } from '../../../test/support/pseudo-idioma.ts';
import type { Alvo } from '../application/descadastro.ts';
import { confirmar, desconhecido, perguntar } from './descadastro-paginas.ts';

const alvos: Alvo[] = (['LEMBRETES', 'CREDITOS', 'SEGURANCA'] as const).map((grupo) => ({
  ...{ clienteId: 'cli_1', grupo, canal: 'EMAIL' },
}));

describe('the pages of a link that ends messages', () => {
  it('have all their words from the catalogue, and use all that are there', () => {
    const idioma = comIdiomas({ el: pseudoIdioma(ptBR) }).para('el');
    const usadas = new Set<string>();
    const ouvido: typeof idioma = {
      ...idioma,
      t(chave, valores) {
        usadas.add(chave);
        return idioma.t(chave, valores);
      },
    };
    const respostas = alvos.flatMap((alvo) => [perguntar(alvo, ouvido), confirmar(alvo, ouvido)]);
    for (const { body = '' } of [...respostas, desconhecido(ouvido)]) {
      expect(body).toContain('<html lang="el" dir="ltr">');
      const texto = String(body)
        .replace(/<style>.*<\/style>/s, '')
        .replace(/<[^>]*>/g, '');
      expect(texto.match(/[A-Za-zÀ-ÿ]{2,}/g) ?? []).toEqual([]);
    }
    expect([...usadas].sort()).toEqual(
      Object.keys(ptBR.descadastro)
        .map((um) => `descadastro.${um}`)
        .sort(),
    );
  });

  it('show what a translator wrote as text', () => {
    const es = { ...ptBR, descadastro: { ...ptBR.descadastro, pronto: '<script>&' } };
    const { body } = confirmar(alvos[0] as Alvo, comIdiomas({ es }).para('es'));
    expect(body).toContain('<h1>&lt;script&gt;&amp;</h1>');
  });
});
