import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Canal } from '../../canais/domain/mensagem.ts';
import type { Modelo } from '../../modelos/domain/modelo.ts';
import { ajustar } from './ajuste.ts';
import {
  CANAIS,
  type Celula,
  celulaDe,
  ehObrigatoria,
  GRUPOS,
  type Grupo,
  grupoDoModelo,
  MODELOS,
} from './grade.ts';
import { mudancas } from './mudanca.ts';
import {
  CHAVE_DO_CANAL,
  comCelula,
  comEscolhasGerais,
  estaLigada,
  PREFERENCIAS_INICIAIS,
  type Preferencias,
  quer,
} from './preferencias.ts';

/** But the code that proves a telephone, which goes there and nowhere else. */
const TODOS = (Object.keys(MODELOS) as Modelo[]).filter((um) => um !== 'CODIGO_DE_TELEFONE');
const SEMPRE_POR_EMAIL = [
  ...['RESERVA_CONFIRMADA', 'RESERVA_CANCELADA', 'ESTORNO_CONCLUIDO', 'ESTORNO_FALHOU', 'VAGA_OFERECIDA'],
  ...['BOAS_VINDAS', 'AVISO_DE_SEGURANCA', 'REDEFINICAO_SENHA', 'TROCA_DE_EMAIL', 'WEBHOOK_DESATIVADO'],
  ...['PAGAMENTO_APROVADO', 'ESTORNO_SOLICITADO', 'CONTATOS_NAO_ENTREGAVEIS'],
];
const SO_POR_EMAIL = [
  ...['BOAS_VINDAS', 'REDEFINICAO_SENHA', 'TROCA_DE_EMAIL'],
  ...['WEBHOOK_DESATIVADO', 'CONTATOS_NAO_ENTREGAVEIS'],
];

const grupo = fc.constantFrom(...(Object.keys(GRUPOS) as Grupo[]));
const canal = fc.constantFrom<Canal>(...CANAIS);
const modelo = fc.constantFrom(...TODOS);
const escolha = fc.record({ grupo, canal, ligada: fc.boolean() });
const gerais = fc
  .record({ email: fc.boolean(), sms: fc.boolean(), push: fc.boolean(), lembretes: fc.boolean() })
  .map((quais) => ({ ...quais, telefone: '+5511987654321' }));
type Passo = (antes: Preferencias) => Preferencias;
const passo: fc.Arbitrary<Passo> = fc.oneof(
  escolha.map(
    ({ grupo: g, canal: c, ligada }): Passo =>
      (antes) =>
        comCelula(antes, g, c, ligada),
  ),
  gerais.map(
    (novas): Passo =>
      (antes) =>
        comEscolhasGerais(antes, novas),
  ),
);
/** Whatever a person can come to. */
const preferencias = fc
  .array(passo, { maxLength: 30 })
  .map((passos) => passos.reduce((ate, um) => um(ate), PREFERENCIAS_INICIAIS));

const queridos = (mudanca: Partial<Preferencias>, c: Canal = 'EMAIL') =>
  TODOS.filter((m) => quer({ ...PREFERENCIAS_INICIAIS, ...mudanca }, { modelo: m, canal: c }));

describe('the grid', () => {
  it('has rows that are told by e-mail whatever was chosen as a whole, or not at all: a switch says what it does', () => {
    const sempre = TODOS.filter((m) => ehObrigatoria(grupoDoModelo(m), 'EMAIL'));
    expect(sempre.sort()).toEqual([...SEMPRE_POR_EMAIL].sort());
  });

  it('ends by a link in an e-mail what may be ended, and nothing else', () => {
    const comLink = (Object.keys(GRUPOS) as Grupo[]).filter((g) => !GRUPOS[g].transacional);
    expect(comLink).toEqual(['LEMBRETES', 'CREDITOS']);
    expect(comLink.some((g) => ehObrigatoria(g, 'EMAIL'))).toBe(false);
  });
});

describe('quer', () => {
  it('lets every e-mail through, and nothing else, when nothing was chosen', () => {
    expect(queridos({})).toEqual(TODOS);
    expect([...queridos({}, 'SMS'), ...queridos({}, 'PUSH')]).toEqual([]);
  });

  it('leaves out the reminder alone when reminders are off', () => {
    expect(queridos({ lembretes: false })).toEqual(TODOS.filter((m) => m !== 'LEMBRETE_RESERVA'));
  });

  it('lets what is always told through by e-mail when all else is off', () => {
    const desligadas = (Object.keys(GRUPOS) as Grupo[]).map((g): Celula => celulaDe(g, 'EMAIL'));
    expect(queridos({ email: false, lembretes: false, desligadas }).sort()).toEqual(
      [...SEMPRE_POR_EMAIL].sort(),
    );
  });

  it('sends no code by another way than e-mail', () => {
    const semCodigos = TODOS.filter((m) => !SO_POR_EMAIL.includes(m));
    expect(queridos({ email: false, sms: true }, 'SMS')).toEqual(semCodigos);
    expect(queridos({ push: true, lembretes: false }, 'PUSH')).toEqual(
      semCodigos.filter((m) => m !== 'LEMBRETE_RESERVA'),
    );
  });

  it('sends the code that proves a telephone there and nowhere else, whatever was chosen', () => {
    fc.assert(
      fc.property(preferencias, canal, (p, c) => {
        expect(quer(p, { modelo: 'CODIGO_DE_TELEFONE', canal: c })).toBe(c === 'SMS');
      }),
    );
  });

  it('is, of any message, channel and preference: told always, or channel on, row on and no code', () => {
    fc.assert(
      fc.property(preferencias, modelo, canal, (p, m, c) => {
        const codigo = SO_POR_EMAIL.includes(m) && c !== 'EMAIL';
        const sempre = c === 'EMAIL' && SEMPRE_POR_EMAIL.includes(m);
        const ligada = p[CHAVE_DO_CANAL[c]] && estaLigada(p, grupoDoModelo(m), c);
        expect(quer(p, { modelo: m, canal: c })).toBe(sempre || (ligada && !codigo));
      }),
    );
  });
});

describe('a choice', () => {
  it('switches what it names, and nothing else', () => {
    fc.assert(
      fc.property(preferencias, escolha, grupo, canal, (antes, { grupo: g, canal: c, ligada }, og, oc) => {
        const depois = comCelula(antes, g, c, ligada);
        expect(estaLigada(depois, g, c)).toBe(ligada || ehObrigatoria(g, c));
        if (og !== g || oc !== c) expect(estaLigada(depois, og, oc)).toBe(estaLigada(antes, og, oc));
        expect(comCelula(depois, g, c, ligada)).toBe(depois);
      }),
    );
  });

  it('is kept in one way only: all reminders are off by "lembretes" and by nothing else', () => {
    fc.assert(
      fc.property(preferencias, (p) => {
        const lembretes = p.desligadas.filter((celula) => celula.startsWith('LEMBRETES/'));
        expect(lembretes.length).toBeLessThanOrEqual(p.lembretes ? CANAIS.length - 1 : 0);
        expect(new Set(p.desligadas).size).toBe(p.desligadas.length);
        expect(p.lembretes).toBe(CANAIS.some((c) => estaLigada(p, 'LEMBRETES', c)));
      }),
    );
  });

  it('outlives one for whole channels by a program that knows no grid', () => {
    fc.assert(
      fc.property(preferencias, gerais, grupo, canal, (antes, novas, g, c) => {
        const depois = comEscolhasGerais(antes, novas);
        expect(depois).toMatchObject(novas);
        if (g !== 'LEMBRETES' || novas.lembretes === antes.lembretes)
          expect(estaLigada(depois, g, c)).toBe(estaLigada(antes, g, c));
        // Reading and writing back the same changes nothing.
        const { email, sms, push, lembretes, telefone } = antes;
        const mesmas = { email, sms, push, lembretes, telefone };
        expect(mudancas(antes, comEscolhasGerais(antes, mesmas))).toEqual([]);
      }),
    );
  });
});

describe('ajustar', () => {
  const nada = { escolhas: [] };

  it('changes what is named', () => {
    const escolhas = [
      { grupo: 'LEMBRETES', canal: 'EMAIL', ligada: true },
      { grupo: 'LEMBRETES', canal: 'EMAIL', ligada: false },
    ] as const;
    const { value } = ajustar(PREFERENCIAS_INICIAIS, { push: true, escolhas }, []) as { value: Preferencias };
    expect(value).toEqual({ ...PREFERENCIAS_INICIAIS, push: true, desligadas: ['LEMBRETES/EMAIL'] });
    expect(mudancas(PREFERENCIAS_INICIAIS, value)).toEqual([
      { campo: 'push', valor: 'true' },
      { campo: 'LEMBRETES/EMAIL', valor: 'false' },
    ]);
  });

  it('refuses to switch off what is always told, and then changes nothing', () => {
    fc.assert(
      fc.property(fc.array(escolha, { maxLength: 5 }), (escolhas) => {
        const proibida = escolhas.some((e) => !e.ligada && ehObrigatoria(e.grupo, e.canal));
        expect(ajustar(PREFERENCIAS_INICIAIS, { escolhas }, []).isFailure).toBe(proibida);
      }),
    );
  });

  it('refuses text messages without a number, and a language that nothing is written in', () => {
    const recusa = (ajuste: object) => {
      const ajustadas = ajustar(PREFERENCIAS_INICIAIS, { ...nada, ...ajuste }, ['pt-BR', 'es']);
      return ajustadas.isFailure && [ajustadas.error.motivo, ajustadas.error.message];
    };
    expect(recusa({ sms: true })).toEqual(['TELEFONE_AUSENTE', expect.any(String)]);
    expect(recusa({ idioma: 'tlh' })).toEqual([
      'IDIOMA_INEXISTENTE',
      'Não há mensagens nesse idioma. Há em: pt-BR, es.',
    ]);
    for (const idioma of ['pt-BR', 'es']) expect(recusa({ idioma, sms: false })).toBe(false);
  });

  it('notes of a telephone only whether there is one', () => {
    const com = { ...PREFERENCIAS_INICIAIS, telefone: '+5511987654321' };
    expect(mudancas(PREFERENCIAS_INICIAIS, com)).toEqual([{ campo: 'telefone', valor: 'true' }]);
  });
});
