import { describe, expect, it } from '@jest/globals';
import { readCalendario } from '../../../../../test/support/calendario.ts';
import { expectGolden } from '../../../../../test/support/golden.ts';
import type { DadosReservaConfirmada } from '../../../domain/modelo.ts';
import { createModelos } from '../../modelos.ts';

const remetente = { nome: 'Plataforma de Reservas', email: 'reservas@plataforma.local' };

const modelos = createModelos(remetente);
const modelo = 'RESERVA_CONFIRMADA';
const renderizar = (dados: DadosReservaConfirmada, nome: string) =>
  modelos.renderizar({ modelo, dados }, nome);
const assunto = (dados: DadosReservaConfirmada) => modelos.assunto({ modelo, dados });

const dados: DadosReservaConfirmada = {
  reservaId: 'res_a3Bx9Q0z',
  pagamentoId: 'pag_7Yt2Kp4m',
  espacoNome: 'Sala Ipê',
  espacoEndereco: 'Avenida São João, 439, 2º andar, São Paulo',
  inicio: '2026-11-24T17:00:00.000Z',
  fim: '2026-11-24T19:00:00.000Z',
  fusoHorario: 'America/Sao_Paulo',
  valorCentavos: '25000',
  moeda: 'BRL',
  confirmadaEm: '2026-11-20T12:34:56.000Z',
};

const hostis: DadosReservaConfirmada = {
  ...dados,
  espacoNome: `<img src=x onerror=alert(1)>"'&\r\nBcc: <script>alert(2)</script>`,
  espacoEndereco: '</td></table><h1>Ganhe um prêmio</h1>',
  pagamentoId: '<%= it.titulo %>',
};

describe('the message RESERVA_CONFIRMADA', () => {
  it('is the golden message when the reservation is an ordinary one', () => {
    const { html, texto } = renderizar(dados, 'Ana Maria');
    expectGolden('reserva-confirmada.html.txt', html);
    expectGolden('reserva-confirmada.txt', texto);
  });

  it('is the golden harmless message when names and addresses are hostile', () => {
    const { html, texto } = renderizar(hostis, '<a href=//x.y>Ana</a>');
    expectGolden('reserva-confirmada-hostil.html.txt', html);
    expectGolden('reserva-confirmada-hostil.txt', texto);
  });

  it('has no element that is not the template’s when names are hostile', () => {
    const elementos = (html: string) => html.match(/<[^<>]+>/g) ?? [];
    const inocente = renderizar(dados, 'Ana').html;
    const hostil = renderizar(hostis, '<b>').html;
    expect(elementos(hostil)).toEqual(elementos(inocente));
  });

  it('leaves the address out when the space has none', () => {
    const { html, texto } = renderizar({ ...dados, espacoEndereco: '' }, 'Ana');
    expect(html + texto).not.toContain('Endereço');
  });

  it('speaks of no payment when there was nothing to pay', () => {
    const { html, texto, anexos } = renderizar({ ...dados, valorCentavos: '0', pagamentoId: '' }, 'Ana');
    const tudo = html + texto + anexos.map(({ conteudo }) => conteudo).join();
    expect(tudo).not.toMatch(/Pagamento|Valor pago|pagamento foi recebido/);
    expect(texto).toContain('não há nada a pagar');
  });

  it('attaches a calendar entry that says the same', () => {
    const { anexos } = renderizar(dados, 'Ana');
    expect(anexos.map(({ nome, tipo }) => ({ nome, tipo }))).toEqual([
      { nome: 'reserva-res_a3Bx9Q0z.ics', tipo: 'text/calendar; charset=utf-8; method=PUBLISH' },
    ]);
    const { evento } = readCalendario(anexos[0]?.conteudo ?? '');
    expect(evento).toMatchObject({
      uid: 'res_a3Bx9Q0z@plataforma.local',
      summary: 'Sala Ipê',
      location: dados.espacoEndereco,
      start: new Date(dados.inicio),
      end: new Date(dados.fim),
    });
    expect(String(evento.description).split('\n')).toContain('Pagamento: pag_7Yt2Kp4m');
  });
});

describe('its subject', () => {
  it('says what and when, in the zone of the space', () => {
    expect(assunto(dados)).toBe('Reserva confirmada: Sala Ipê, 24/11/2026 às 14:00');
  });

  it('is one line when the name has several', () => {
    expect(assunto(hostis)).not.toMatch(/[\r\n]/);
  });

  it('cuts a long name at a character', () => {
    const linha = assunto({ ...dados, espacoNome: '🏀'.repeat(100) });
    expect(linha).toBe(`Reserva confirmada: ${'🏀'.repeat(79)}…, 24/11/2026 às 14:00`);
  });
});
