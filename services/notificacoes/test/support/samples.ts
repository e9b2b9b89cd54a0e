import type { DetalhesDaReserva } from '../../src/modelos/domain/modelo.ts';

export const remetente = { nome: 'Plataforma de Reservas', email: 'reservas@plataforma.local' };

/** An ordinary reservation. */
export const detalhes: DetalhesDaReserva = {
  reservaId: 'res_a3Bx9Q0z',
  espacoNome: 'Sala Ipê',
  inicio: '2026-11-24T17:00:00.000Z',
  fim: '2026-11-24T19:00:00.000Z',
  fusoHorario: 'America/Sao_Paulo',
};

/** What an attacker might write where a name is expected. */
export const HOSTILE = `<img src=x onerror=alert(1)>"'&\r\nBcc: <script>alert(2)</script>`;

/** A name of a person that is none. */
export const HOSTILE_NAME = '<a href=//x.y>Ana</a>';

/** Opening and closing tags, in order. */
export const elements = (html: string): string[] => html.match(/<[^<>]+>/g) ?? [];
