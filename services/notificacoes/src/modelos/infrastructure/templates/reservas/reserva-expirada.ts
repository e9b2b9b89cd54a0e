import type { DadosReservaExpirada } from '../../../domain/modelo.ts';
import { curtaDeReserva } from '../../leiaute/curto.ts';
import { COR } from '../../leiaute/leiaute.ts';
import { assuntoDe, ondeEQuando, previaDe } from '../../leiaute/reserva.ts';
import type { Template } from '../../leiaute/template.ts';

/** Says that a reservation was not paid in time and its slot is free again. */
export const reservaExpirada: Template<DadosReservaExpirada> = {
  assunto: (dados, idioma) => assuntoDe('reservaExpirada.assunto', dados, idioma),
  curta: (dados, idioma) => curtaDeReserva('reservaExpirada', dados, idioma),
  visao: (dados, idioma) => ({
    previa: previaDe(dados, idioma),
    selo: { texto: idioma.t('reservaExpirada.selo'), cor: COR.neutra },
    cabecalho: idioma.t('reservaExpirada.cabecalho'),
    introducao: idioma.t('reservaExpirada.frase'),
    abertura: idioma.t('reservaExpirada.frase'),
    linhas: [...ondeEQuando(dados, idioma), { rotulo: idioma.t('rotulos.reserva'), valor: dados.reservaId }],
    // Another customer may have the slot of an offer by now; who let a period go unpaid is refused the same one for a
    // while, as the space has it.
    fecho: idioma.t(dados.ofertaDaFila ? 'reservaExpirada.fechoDaOferta' : 'reservaExpirada.fechoDaEspera'),
  }),
};
