import type { DadosPagamentoRecusado } from '../../../domain/modelo.ts';
import { curtaDeReserva } from '../../leiaute/curto.ts';
import { COR } from '../../leiaute/leiaute.ts';
import { acaoNaWeb, assuntoDe, ondeEQuando, previaDe } from '../../leiaute/reserva.ts';
import type { Template } from '../../leiaute/template.ts';

/** Says that a card was declined and until when another one can be tried. */
export const pagamentoRecusado: Template<DadosPagamentoRecusado> = {
  assunto: (dados, idioma) => assuntoDe('pagamentoRecusado.assunto', dados, idioma),
  curta: (dados, idioma) =>
    curtaDeReserva('pagamentoRecusado', dados, idioma, {
      ate: idioma.hora(new Date(dados.expiraEm), dados.fusoHorario),
    }),
  visao(dados, idioma) {
    const ate = idioma.horaComFuso(new Date(dados.expiraEm), dados.fusoHorario);
    const frase = idioma.t('pagamentoRecusado.frase', { ate });
    return {
      previa: previaDe(dados, idioma),
      selo: { texto: idioma.t('pagamentoRecusado.selo'), cor: COR.alerta },
      cabecalho: idioma.t('pagamentoRecusado.cabecalho'),
      introducao: frase,
      abertura: frase,
      linhas: [
        ...ondeEQuando(dados, idioma),
        { rotulo: idioma.t('rotulos.reserva'), valor: dados.reservaId },
      ],
      acao: acaoNaWeb(idioma.t('pagamentoRecusado.acao'), dados.checkoutUrl),
      fecho: idioma.t('procureAReserva', { reserva: dados.reservaId }),
    };
  },
};
