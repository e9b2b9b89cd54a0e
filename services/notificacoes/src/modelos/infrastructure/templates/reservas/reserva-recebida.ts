import type { DadosReservaRecebida } from '../../../domain/modelo.ts';
import { curtaDeReserva } from '../../leiaute/curto.ts';
import { COR } from '../../leiaute/leiaute.ts';
import { acaoNaWeb, aPagar, assuntoDe, faltaPagar, ondeEQuando, previaDe } from '../../leiaute/reserva.ts';
import type { Template } from '../../leiaute/template.ts';

/** Says that a slot is held and until when and where it can be paid. */
export const reservaRecebida: Template<DadosReservaRecebida> = {
  assunto: (dados, idioma) => assuntoDe('reservaRecebida.assunto', dados, idioma),
  curta: (dados, idioma) =>
    curtaDeReserva('reservaRecebida', dados, idioma, {
      valor: faltaPagar(dados, idioma),
      ate: idioma.hora(new Date(dados.expiraEm), dados.fusoHorario),
    }),
  visao(dados, idioma) {
    const ate = idioma.horaComFuso(new Date(dados.expiraEm), dados.fusoHorario);
    const frase = idioma.t('reservaRecebida.frase', { ate });
    return {
      previa: previaDe(dados, idioma),
      selo: { texto: idioma.t('reservaRecebida.selo'), cor: COR.alerta },
      cabecalho: idioma.t('reservaRecebida.cabecalho'),
      introducao: frase,
      abertura: frase,
      linhas: [
        ...ondeEQuando(dados, idioma),
        ...aPagar(dados, idioma),
        { rotulo: idioma.t('rotulos.reserva'), valor: dados.reservaId },
      ],
      acao: acaoNaWeb(idioma.t('reservaRecebida.acao'), dados.checkoutUrl),
      fecho: idioma.t('reservaRecebida.fecho', { reserva: dados.reservaId }),
    };
  },
};
