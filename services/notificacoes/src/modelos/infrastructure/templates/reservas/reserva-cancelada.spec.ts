import { describe, expect, it } from '@jest/globals';
import { readStrictly } from '@plataforma/testing/strict-icalendar';
import { readCalendario } from '../../../../../test/support/calendario.ts';
import { expectGolden } from '../../../../../test/support/golden.ts';
import { detalhes, elements, HOSTILE, HOSTILE_NAME, remetente } from '../../../../../test/support/samples.ts';
import type { DadosReservaCancelada, DadosReservaConfirmada } from '../../../domain/modelo.ts';
import { createModelos } from '../../modelos.ts';

const modelos = createModelos(remetente);
const modelo = 'RESERVA_CANCELADA';

const dados: DadosReservaCancelada = {
  ...detalhes,
  motivo: 'Choveu demais',
  pagamentoId: 'pag_7Yt2Kp4m',
  reembolsoCentavos: '12500',
  creditoCentavos: '0',
  moeda: 'BRL',
  canceladaEm: '2026-11-22T12:34:56.000Z',
  comCalendario: true,
};

const renderizar = (mudanca: Partial<DadosReservaCancelada> = {}, nome = 'Ana Maria') =>
  modelos.renderizar({ modelo, dados: { ...dados, ...mudanca } }, nome);

describe('the message RESERVA_CANCELADA', () => {
  it('is the golden message when part of the money comes back', () => {
    const { html, texto } = renderizar();
    expectGolden('reserva-cancelada.html.txt', html);
    expectGolden('reserva-cancelada.txt', texto);
  });

  it('is the golden harmless message when names and reasons are hostile', () => {
    const { html, texto } = renderizar({ espacoNome: HOSTILE, motivo: HOSTILE }, HOSTILE_NAME);
    expectGolden('reserva-cancelada-hostil.html.txt', html);
    expectGolden('reserva-cancelada-hostil.txt', texto);
    expect(elements(html)).toEqual(elements(renderizar().html));
  });

  it.each([
    ['0', '0', 'Não há valor a devolver.', []],
    ['12500', '0', 'avisaremos quando estiver concluído', ['Reembolso: R$\u00a0125,00']],
    ['0', '1250', 'crédito para próximas reservas', ['Crédito para próximas reservas: R$\u00a012,50']],
    [
      '12500',
      '1250',
      'e você recebeu um crédito',
      ['Reembolso: R$\u00a0125,00', 'Crédito para próximas reservas: R$\u00a012,50'],
    ],
  ])('says what comes back when it is %s and %s in credit', (reembolso, credito, frase, linhas) => {
    const { texto } = renderizar({ reembolsoCentavos: reembolso, creditoCentavos: credito });
    expect(texto).toContain(frase);
    const dinheiro = texto.split('\n').filter((linha) => /^(Reembolso|Crédito)/.test(linha));
    expect(dinheiro).toEqual(linhas);
  });

  it('tells apart what comes back as credit and what goes to the card', () => {
    const { texto } = renderizar({ reembolsoCreditosCentavos: '2500' });
    expect(texto.split('\n').filter((linha) => linha.startsWith('Reembolso'))).toEqual([
      'Reembolso: R$\u00a0125,00',
      'Reembolso como crédito: R$\u00a025,00',
      'Reembolso no cartão: R$\u00a0100,00',
    ]);
  });

  it('speaks of no amount that is not decided', () => {
    const { html, texto } = renderizar({ aConfirmar: true });
    expect(texto).toContain('ainda está sendo confirmado');
    expect(html + texto).not.toContain('125,00');
  });

  it('leaves out the reason and the payment when there are none', () => {
    const { html, texto } = renderizar({ motivo: '', pagamentoId: '' });
    expect(html + texto).not.toMatch(/Motivo|Pagamento/);
  });

  it('cuts a long reason', () => {
    const { texto } = renderizar({ motivo: 'a'.repeat(2_000) });
    expect(texto).toContain(`Motivo: ${'a'.repeat(299)}…\n`);
  });

  it('has the subject of a cancellation', () => {
    expect(modelos.assunto({ modelo, dados })).toBe('Reserva cancelada: Sala Ipê, 24/11/2026 às 14:00');
  });

  it('takes the entry of the confirmation out of the calendar', () => {
    const [cancelado] = renderizar().anexos;
    expect(cancelado?.tipo).toBe('text/calendar; charset=utf-8; method=CANCEL');
    const confirmada = { ...dados, espacoEndereco: '', valorCentavos: '1', confirmadaEm: dados.canceladaEm };
    const { anexos } = modelos.renderizar({ modelo: 'RESERVA_CONFIRMADA', dados: paga(confirmada) }, '');
    const antes = readCalendario(anexos[0]?.conteudo ?? '');
    const depois = readCalendario(cancelado?.conteudo ?? '');
    expect(depois.calendario.method).toBe('CANCEL');
    expect(depois.evento.status).toBe('CANCELLED');
    expect([antes.evento.sequence, depois.evento.sequence]).toEqual([0, 1]);
    const { uid, start, organizer } = antes.evento;
    expect(depois.evento).toMatchObject({ uid, start, organizer });
  });

  it('orders the entry as the feed does: by the version of the reservation', () => {
    const [cancelado] = renderizar({ versao: 7 }).anexos;
    expect(readStrictly(cancelado?.conteudo ?? '')[0]?.get('SEQUENCE')?.value).toBe('7');
  });

  it('has no calendar file, and speaks of none, when there was no confirmation', () => {
    const { html, texto, anexos } = renderizar({ comCalendario: false });
    expect(anexos).toEqual([]);
    expect(html + texto).not.toContain('agenda');
  });
});

const paga = (de: DadosReservaConfirmada) => de;
