import { describe, expect, it } from '@jest/globals';
import { encurtarSms, paraSms, partesDe } from './sms.ts';

describe('partesDe', () => {
  it.each([
    ['nothing', '', 'GSM-7', 1],
    ['160 letters', 'a'.repeat(160), 'GSM-7', 1],
    ['161 letters', 'a'.repeat(161), 'GSM-7', 2],
    ['two full parts', 'a'.repeat(306), 'GSM-7', 2],
    ['one letter more', 'a'.repeat(307), 'GSM-7', 3],
    ['80 signs that are escaped', '€'.repeat(80), 'GSM-7', 1],
    ['81 of them', '€'.repeat(81), 'GSM-7', 2],
    ['an escape that does not fit into what is left', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 'GSM-7', 3],
    ['70 letters that the alphabet lacks', 'ç'.repeat(70), 'UCS-2', 1],
    ['71 of them', 'ç'.repeat(71), 'UCS-2', 2],
    ['35 pictures', '😀'.repeat(35), 'UCS-2', 1],
    ['a picture that does not fit into what is left', `${'ç'.repeat(66)}😀${'ç'.repeat(66)}`, 'UCS-2', 3],
  ])('counts %s', (_, texto, codificacao, quantas) => {
    expect(partesDe(texto)).toEqual({ codificacao, quantas });
  });
});

describe('paraSms', () => {
  it.each([
    ['Reserva confirmada: Sala Ipê, às 14:00', 'Reserva confirmada: Sala Ipe, as 14:00'],
    ['Ação de São João — 24 º “já”…', 'Acao de Sao Joao - 24 o "ja"...'],
    ['R$\u00A01.234,50 · pago', 'R$ 1.234,50 - pago'],
    ['Sala 🎉 \u202Elatot\u202C\u200B\r\nBcc: x', 'Sala latot Bcc: x'],
    ['会議室 A', '会議室 A'],
    ['\ud83d só', '\ufffd só'.replace('ó', 'o')],
    ['👩‍👩‍👧 1️⃣', '1'],
  ])('writes %j as %j', (texto, sms) => {
    expect(paraSms(texto)).toBe(sms);
  });
});

describe('encurtarSms', () => {
  it('leaves a text as it is when it fits', () => {
    expect(encurtarSms('a'.repeat(306), 2)).toBe('a'.repeat(306));
  });

  it.each([
    ['a'.repeat(10_000), 1, 160],
    ['a'.repeat(10_000), 2, 306],
    ['室'.repeat(10_000), 1, 70],
  ])('fills the parts that there may be, and shows that it was cut', (texto, maximo, tamanho) => {
    const curto = encurtarSms(texto, maximo);
    expect([partesDe(curto).quantas, curto.length, curto.endsWith('...')]).toEqual([maximo, tamanho, true]);
  });

  it('cuts no character in two', () => {
    expect(encurtarSms('😀'.repeat(1_000), 1).isWellFormed()).toBe(true);
  });
});
