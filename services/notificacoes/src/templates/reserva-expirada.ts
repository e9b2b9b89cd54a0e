import type { DetalhesDaReserva } from '../domain/notificacao.ts';
import { COR } from './leiaute.ts';
import { assuntoDe, ondeEQuando, previaDe } from './reserva.ts';
import type { Template } from './template.ts';

/** Says that a reservation was not paid in time and its slot is free again. */
export const reservaExpirada: Template<DetalhesDaReserva> = {
  assunto: (dados) => assuntoDe('Reserva expirada', dados),
  visao: (dados) => ({
    previa: previaDe(dados),
    selo: { texto: 'Pagamento não recebido', cor: COR.neutra },
    cabecalho: 'Reserva expirada',
    introducao: 'O pagamento não chegou a tempo, e o horário foi liberado. Nada foi cobrado.',
    abertura: 'O pagamento não chegou a tempo, e o horário foi liberado. Nada foi cobrado.',
    linhas: [...ondeEQuando(dados), { rotulo: 'Reserva', valor: dados.reservaId }],
    fecho: 'Se ainda quiser o espaço, entre na plataforma e faça uma nova reserva.',
  }),
};
