import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { ExtraCatalogo } from '../../precos/domain/extras.ts';
import { MULTIPLICADORES_PADRAO } from '../../precos/domain/precificacao.ts';
import { type DadosEspaco, problemaNoEspaco } from './dados-espaco.ts';
import { LIMITES_DE_PENDENTES_PADRAO } from './limites-de-pendentes.ts';
import { LIMITES_PADRAO } from './limites-reserva.ts';

const VALIDO: DadosEspaco = {
  nome: 'Sala Ipê',
  tipo: 'SALA_REUNIAO',
  capacidade: 8,
  endereco: '',
  fusoHorario: 'America/Sao_Paulo',
  precoPorHora: Dinheiro.deCentavos(100_00),
  taxaLimpeza: Dinheiro.zero(),
  folgaMinutos: 15,
  limites: LIMITES_PADRAO,
  horarios: [],
  extras: [],
  multiplicadores: MULTIPLICADORES_PADRAO,
  esperaPagamentoMinutos: 15,
  carenciaCancelamentoMinutos: 0,
  limitesPendentes: LIMITES_DE_PENDENTES_PADRAO,
  bonusMensal: Dinheiro.zero(),
  ativo: true,
};

const MAXIMO = 1_000_000_000;
const reais = (centavos: number, moeda?: string) => Dinheiro.deCentavos(centavos, moeda);

function extra(mudancas: Partial<ExtraCatalogo> = {}): ExtraCatalogo {
  return { codigo: 'PROJETOR', nome: 'Projetor', preco: reais(1), quantidadeMaxima: 1, ...mudancas };
}

function extras(quantos: number): ExtraCatalogo[] {
  return Array.from({ length: quantos }, (_, i) => extra({ codigo: `EXTRA_${i}` }));
}

/** Windows of 10 minutes that do not touch. */
function janelas(quantas: number) {
  return Array.from({ length: quantas }, (_, i) => ({
    diaSemana: 1 + (i % 7),
    abre: `${String(Math.floor(i / 7)).padStart(2, '0')}:00`,
    fecha: `${String(Math.floor(i / 7)).padStart(2, '0')}:10`,
  }));
}

const dinheiroDe = (minimo: number) => `deve ir de ${minimo} a ${MAXIMO} centavos`;

describe('the description of a space', () => {
  it.each<[string, Partial<DadosEspaco>]>([
    ['the shortest and the longest texts', { nome: 'A', endereco: 'x'.repeat(300) }],
    ['the longest name', { nome: `  ${'x'.repeat(120)}  ` }],
    ['one place', { capacidade: 1 }],
    ['the most places', { capacidade: 100_000 }],
    ['the lowest prices', { precoPorHora: reais(0), taxaLimpeza: reais(0) }],
    ['the highest prices', { precoPorHora: reais(MAXIMO), taxaLimpeza: reais(MAXIMO) }],
    ['no buffer, the shortest hold and no grace', { folgaMinutos: 0, esperaPagamentoMinutos: 5 }],
    [
      'the largest buffer, hold and grace',
      { folgaMinutos: 240, esperaPagamentoMinutos: 60, carenciaCancelamentoMinutos: 1440 },
    ],
    ['fifty windows', { horarios: janelas(50) }],
    ['a hundred add-ons', { extras: extras(100) }],
    [
      'the shortest and the longest names of an add-on',
      {
        extras: [
          extra({ codigo: 'A1', nome: 'x' }),
          extra({ codigo: 'Z_'.repeat(16), nome: 'x'.repeat(80) }),
        ],
      },
    ],
    [
      'a free add-on, as often as one likes',
      { extras: [extra({ preco: reais(0), quantidadeMaxima: 1000 })] },
    ],
    [
      'the lowest and the highest multipliers',
      { multiplicadores: { picoCentesimos: 1, fimDeSemanaCentesimos: 1000, antecedenciaCentesimos: 1 } },
    ],
  ])('may have %s', (_, mudancas) => {
    expect(problemaNoEspaco({ ...VALIDO, ...mudancas })).toBeUndefined();
  });

  it.each<[keyof DadosEspaco, Partial<DadosEspaco>, string]>([
    ['nome', { nome: '  ' }, 'deve ter de 1 a 120 caracteres'],
    ['nome', { nome: 'x'.repeat(121) }, 'deve ter de 1 a 120 caracteres'],
    ['endereco', { endereco: 'x'.repeat(301) }, 'deve ter de 0 a 300 caracteres'],
    ['capacidade', { capacidade: 0 }, 'deve ir de 1 a 100000'],
    ['capacidade', { capacidade: 100_001 }, 'deve ir de 1 a 100000'],
    ['capacidade', { capacidade: 1.5 }, 'deve ir de 1 a 100000'],
    ['precoPorHora', { precoPorHora: reais(-1) }, dinheiroDe(0)],
    ['precoPorHora', { precoPorHora: reais(MAXIMO + 1) }, dinheiroDe(0)],
    ['precoPorHora', { precoPorHora: reais(1, 'USD') }, 'a moeda deve ser BRL'],
    ['taxaLimpeza', { taxaLimpeza: reais(-1) }, dinheiroDe(0)],
    ['folgaMinutos', { folgaMinutos: -1 }, 'deve ir de 0 a 240'],
    ['folgaMinutos', { folgaMinutos: 241 }, 'deve ir de 0 a 240'],
    ['esperaPagamentoMinutos', { esperaPagamentoMinutos: 4 }, 'deve ir de 5 a 60'],
    ['esperaPagamentoMinutos', { esperaPagamentoMinutos: 61 }, 'deve ir de 5 a 60'],
    ['carenciaCancelamentoMinutos', { carenciaCancelamentoMinutos: -1 }, 'deve ir de 0 a 1440'],
    ['bonusMensal', { bonusMensal: Dinheiro.deCentavos(-1) }, 'deve ir de 0 a 1000000000 centavos'],
    ['carenciaCancelamentoMinutos', { carenciaCancelamentoMinutos: 1441 }, 'deve ir de 0 a 1440'],
    [
      'limites',
      { limites: { ...LIMITES_PADRAO, gradeMinutos: 50 } },
      'a grade deve ir de 5 a 60 minutos e dividir o dia em partes iguais',
    ],
    ['horarios', { horarios: janelas(51) }, 'no máximo 50 janelas'],
    [
      'horarios',
      { horarios: [{ diaSemana: 8, abre: '08:00', fecha: '12:00' }] },
      'dia da semana vai de 1 a 7',
    ],
    ['extras', { extras: extras(101) }, 'no máximo 100 adicionais'],
    [
      'extras',
      { extras: [extra({ codigo: 'CAFE' }), extra(), extra()] },
      'o código PROJETOR aparece mais de uma vez',
    ],
    ['extras', { extras: [extra({ nome: ' ' })] }, 'PROJETOR: deve ter de 1 a 80 caracteres'],
    ['extras', { extras: [extra({ nome: 'x'.repeat(81) })] }, 'PROJETOR: deve ter de 1 a 80 caracteres'],
    ['extras', { extras: [extra({ preco: reais(-1) })] }, `PROJETOR: ${dinheiroDe(0)}`],
    ['extras', { extras: [extra({ quantidadeMaxima: 0 })] }, 'PROJETOR: deve ir de 1 a 1000'],
    [
      'extras',
      { extras: [extra(), extra({ codigo: 'B2', quantidadeMaxima: 1001 })] },
      'B2: deve ir de 1 a 1000',
    ],
    ...(['picoCentesimos', 'fimDeSemanaCentesimos', 'antecedenciaCentesimos'] as const).flatMap((qual) =>
      [0, 1001].map((valor): [keyof DadosEspaco, Partial<DadosEspaco>, string] => [
        'multiplicadores',
        { multiplicadores: { ...MULTIPLICADORES_PADRAO, [qual]: valor } },
        'deve ir de 1 a 1000',
      ]),
    ),
  ])('is refused because of %s %#', (campo, mudancas, porque) => {
    expect(problemaNoEspaco({ ...VALIDO, ...mudancas })).toEqual({ campo, porque });
  });

  it.each(['A', 'a1', 'Á1', 'A B', 'A'.repeat(33), '*A1', 'A1*'])(
    'refuses the code %s of an add-on',
    (codigo) => {
      expect(problemaNoEspaco({ ...VALIDO, extras: [extra({ codigo })] })).toEqual({
        campo: 'extras',
        porque: 'o código tem de 2 a 32 letras maiúsculas, dígitos ou _',
      });
    },
  );
});
