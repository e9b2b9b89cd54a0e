import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { MULTIPLICADORES_PADRAO } from '../../precos/domain/precificacao.ts';
import { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import type { TipoEspaco } from './dados-espaco.ts';
import {
  COM_PADRAO,
  Espaco,
  EspacoInativoError,
  EspacoNaoEncontradoError,
  EtagDesatualizadaError,
  etagDe,
  type NovoEspaco,
} from './espaco.ts';
import { LIMITES_PADRAO } from './limites-reserva.ts';

const AGORA = new Date('2026-06-01T12:00:00Z');
const ANTES = new Date('2026-06-01T11:59:00Z');
const DEPOIS = new Date('2026-06-01T13:00:00Z');
const SALA: NovoEspaco = {
  nome: 'Sala Ipê',
  tipo: 'SALA_REUNIAO',
  capacidade: 8,
  precoPorHora: Dinheiro.deCentavos(100_00),
};
const PROJETOR = {
  codigo: 'PROJETOR',
  nome: 'Projetor',
  preco: Dinheiro.deCentavos(100_00),
  quantidadeMaxima: 1,
};

function criar(mudancas: Partial<NovoEspaco> = {}): Espaco {
  const criado = Espaco.criar('esp_1', { ...SALA, ...mudancas }, AGORA);
  if (criado.isFailure) throw criado.error;
  return criado.value;
}

describe('Espaco', () => {
  it('takes the defaults when they are left out', () => {
    expect(criar().estado).toEqual({
      ...SALA,
      id: 'esp_1',
      endereco: '',
      carenciaCancelamentoMinutos: 0,
      bonusMensal: Dinheiro.zero(),
      fusoHorario: 'America/Sao_Paulo',
      taxaLimpeza: Dinheiro.deCentavos(50_00),
      folgaMinutos: 15,
      limites: LIMITES_PADRAO,
      horarios: [],
      extras: [],
      multiplicadores: MULTIPLICADORES_PADRAO,
      esperaPagamentoMinutos: 15,
      limitesPendentes: { reservas: 3, horas: 24, resfriamentoMinutos: 30 },
      ativo: true,
      versao: 1,
      criadoEm: AGORA,
      atualizadoEm: AGORA,
    });
  });

  it.each<[TipoEspaco, number]>([
    ['SALA_REUNIAO', 15],
    ['AUDITORIO', 30],
    ['QUADRA', 0],
  ])('%s keeps %i minutes of buffer by default', (tipo, folga) => {
    expect(criar({ tipo }).estado.folgaMinutos).toBe(folga);
  });

  it.each<[string, Partial<NovoEspaco>]>([
    ['nome', { nome: '   ' }],
    ['capacidade', { capacidade: 0 }],
    ['fusoHorario', { fusoHorario: 'America/Atlantida' }],
    ['fusoHorario', { fusoHorario: '-03:00' }],
    ['precoPorHora', { precoPorHora: Dinheiro.deCentavos(-1n) }],
    ['precoPorHora', { precoPorHora: Dinheiro.deCentavos(100_00, 'USD') }],
    ['taxaLimpeza', { taxaLimpeza: Dinheiro.deCentavos(-1) }],
    ['taxaLimpeza', { taxaLimpeza: Dinheiro.deCentavos(10_00, 'EUR') }],
    ['folgaMinutos', { folgaMinutos: 241 }],
    ['esperaPagamentoMinutos', { esperaPagamentoMinutos: 4 }],
    ['limites', { limites: { ...LIMITES_PADRAO, duracaoMinimaMinutos: 1440, duracaoMaximaMinutos: 60 } }],
    ['horarios', { horarios: [{ diaSemana: 0, abre: '08:00', fecha: '18:00' }] }],
    ['extras', { extras: [PROJETOR, { ...PROJETOR, nome: 'Outro' }] }],
    ['extras', { extras: [{ ...PROJETOR, preco: Dinheiro.deCentavos(1, 'USD') }] }],
    ['multiplicadores', { multiplicadores: { ...MULTIPLICADORES_PADRAO, picoCentesimos: 0 } }],
  ])('names the field when %s breaks a rule', (campo, mudancas) => {
    const criado = Espaco.criar('esp_1', { ...SALA, ...mudancas }, AGORA);
    expect(criado.isFailure && [criado.error.motivo, criado.error.detalhes]).toEqual([
      'ESPACO_INVALIDO',
      { campo },
    ]);
  });

  it('changes only what is given', () => {
    const espaco = criar();
    const antes = espaco.estado;
    expect(espaco.atualizar({ capacidade: 10, extras: [PROJETOR] }, undefined, DEPOIS).isSuccess).toBe(true);
    expect(espaco.estado).toEqual({
      ...antes,
      capacidade: 10,
      extras: [PROJETOR],
      versao: 2,
      atualizadoEm: DEPOIS,
    });
  });

  it('goes back to what a new one has of its kind, where that is asked for, and is given the rest', () => {
    const espaco = criar();
    const antes = espaco.estado;
    const outra = { folgaMinutos: 240, esperaPagamentoMinutos: 60, endereco: 'Rua A, 1', extras: [PROJETOR] };
    espaco.atualizar(outra, undefined, DEPOIS);
    expect(espaco.atualizar({ capacidade: 10 }, undefined, DEPOIS, COM_PADRAO).isSuccess).toBe(true);
    const { folgaMinutos, esperaPagamentoMinutos, endereco, extras } = antes;
    expect(espaco.estado).toMatchObject({
      ...{ nome: antes.nome, tipo: antes.tipo, precoPorHora: antes.precoPorHora, versao: 3 },
      ...{ folgaMinutos, esperaPagamentoMinutos, endereco, extras, capacidade: 10 },
    });
  });

  it('has changed no earlier than before, whatever the clock of whoever changes it says', () => {
    const espaco = criar();
    espaco.atualizar({ capacidade: 10 }, undefined, ANTES);
    expect(espaco.estado).toMatchObject({ capacidade: 10, versao: 2, atualizadoEm: AGORA });
    espaco.atualizar({ capacidade: 12 }, undefined, DEPOIS);
    espaco.desativar(AGORA);
    expect(espaco.estado).toMatchObject({ ativo: false, versao: 4, atualizadoEm: DEPOIS });
  });

  it('stays the same version when nothing is given', () => {
    const espaco = criar();
    espaco.atualizar({}, etagDe(espaco.estado), DEPOIS);
    expect(espaco.estado).toMatchObject({ versao: 1, atualizadoEm: AGORA });
  });

  it('refuses an update when its etag is an older one', () => {
    const espaco = criar();
    const lida = etagDe(espaco.estado);
    espaco.atualizar({ nome: 'Sala Jacarandá' }, lida, DEPOIS);
    const segunda = espaco.atualizar({ nome: 'Sala Aroeira' }, lida, DEPOIS);
    expect(segunda.isFailure && segunda.error.motivo).toBe('ETAG_DESATUALIZADA');
    expect(espaco.estado.nome).toBe('Sala Jacarandá');
  });

  it('stays as it was when an update breaks a rule', () => {
    const espaco = criar();
    const recusada = espaco.atualizar({ nome: 'Nova', folgaMinutos: -1 }, undefined, DEPOIS);
    expect(recusada.isFailure && recusada.error.detalhes).toEqual({ campo: 'folgaMinutos' });
    expect(espaco.estado).toMatchObject({ nome: 'Sala Ipê', versao: 1 });
  });

  it('takes no reservation when it is inactive, until it is opened again', () => {
    const espaco = criar();
    const periodo = PeriodoReserva.create(new Date('2026-06-02T12:00:00Z'), new Date('2026-06-02T13:00:00Z'));
    if (periodo.isFailure) throw periodo.error;
    espaco.desativar(DEPOIS);
    espaco.desativar(DEPOIS);
    const recusada = espaco.aceita(periodo.value, DEPOIS);
    expect(recusada.isFailure && recusada.error.motivo).toBe('ESPACO_INATIVO');
    expect(espaco.estado.versao).toBe(2);
    espaco.atualizar({ ativo: true }, undefined, DEPOIS);
    expect(espaco.aceita(periodo.value, DEPOIS).isSuccess).toBe(true);
  });

  it('is the same after it was stored', () => {
    const espaco = criar();
    const lido = Espaco.restaurar(espaco.estado);
    expect([lido.id, lido.estado]).toEqual(['esp_1', espaco.estado]);
  });

  it.each([
    [new EspacoNaoEncontradoError(), 'ESPACO_NAO_ENCONTRADO', 'Espaço não encontrado.'],
    [new EspacoInativoError(), 'ESPACO_INATIVO', 'Este espaço não recebe novas reservas.'],
    [
      new EtagDesatualizadaError(),
      'ETAG_DESATUALIZADA',
      'O espaço foi alterado por outra pessoa. Leia-o de novo antes de alterar.',
    ],
  ])('explains %p', (erro, motivo, message) => {
    expect(erro).toMatchObject({ motivo, message });
  });

  it('says what is wrong with its time zone', () => {
    const criado = Espaco.criar('esp_1', { ...SALA, fusoHorario: 'Marte/Olimpo' }, AGORA);
    expect(criado.isFailure && criado.error.message).toBe(
      'Espaço inválido em fusoHorario: não é um fuso horário IANA.',
    );
  });

  it.each([
    ['an unknown code', [{ codigo: 'PISCINA', quantidade: 1 }]],
    ['too many', [{ codigo: 'PROJETOR', quantidade: 2 }]],
    ['none', [{ codigo: 'PROJETOR', quantidade: 0 }]],
    [
      'the same twice',
      [
        { codigo: 'PROJETOR', quantidade: 1 },
        { codigo: 'PROJETOR', quantidade: 1 },
      ],
    ],
  ])('refuses add-ons when %s is asked for', (_, pedidos) => {
    const escolhidos = criar({ extras: [PROJETOR] }).escolherExtras(pedidos);
    expect(escolhidos.isFailure && escolhidos.error.motivo).toBe('EXTRA_INVALIDO');
  });
});
