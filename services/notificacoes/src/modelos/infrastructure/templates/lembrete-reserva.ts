import type { DadosLembreteReserva } from '../../domain/modelo.ts';
import { umaLinha } from '../leiaute/formatos.ts';
import { COR } from '../leiaute/leiaute.ts';
import { assuntoDe, ondeEQuando, previaDe } from '../leiaute/reserva.ts';
import type { Template } from '../leiaute/template.ts';

/** Says that a reservation starts soon. Not "tomorrow": who books late is reminded on the same day. */
export const lembreteReserva: Template<DadosLembreteReserva> = {
  assunto: (dados) => assuntoDe('Lembrete', dados),
  visao: (dados) => ({
    previa: previaDe(dados),
    selo: { texto: 'Lembrete', cor: COR.neutra },
    cabecalho: 'Sua reserva está chegando',
    introducao: 'Esperamos você no horário combinado.',
    abertura: 'Sua reserva está chegando. Esperamos você no horário combinado.',
    linhas: [
      ...ondeEQuando(dados),
      { rotulo: 'Endereço', valor: umaLinha(dados.espacoEndereco) },
      { rotulo: 'Reserva', valor: dados.reservaId },
    ],
    fecho: `Para ver os detalhes ou as condições de cancelamento, entre na plataforma e procure a reserva ${dados.reservaId}. Se não quiser mais lembretes, mude as suas preferências de notificação.`,
  }),
};
