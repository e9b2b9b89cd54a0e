import type { DadosEstornoSolicitado } from '../../../domain/modelo.ts';
import { curtaDeDinheiro } from '../../leiaute/curto.ts';
import { COR } from '../../leiaute/leiaute.ts';
import { dinheiroDe, ondeEQuando, partesDaVolta } from '../../leiaute/reserva.ts';
import type { Template } from '../../leiaute/template.ts';

/** Says that money is on its way back, how much by which way, and when to expect it. */
export const estornoSolicitado: Template<DadosEstornoSolicitado> = {
  assunto: ({ valorCentavos, moeda }, idioma) =>
    idioma.t('estornoSolicitado.assunto', { valor: dinheiroDe(valorCentavos, moeda, idioma) }),
  curta: (dados, idioma) => curtaDeDinheiro('estornoSolicitado', dados, idioma),
  visao(dados, idioma) {
    const { valorCentavos, creditosCentavos = '0', moeda, porque, reserva } = dados;
    const valor = dinheiroDe(valorCentavos, moeda, idioma);
    const frase = idioma.t(`estornoSolicitado.${porque}`, { valor });
    return {
      previa: frase,
      selo: { texto: idioma.t('estornoSolicitado.selo'), cor: COR.neutra },
      cabecalho: idioma.t('estornoSolicitado.cabecalho'),
      introducao: frase,
      abertura: frase,
      linhas: [
        { rotulo: idioma.t('rotulos.valor'), valor },
        ...partesDaVolta(valorCentavos, creditosCentavos, moeda, idioma),
        ...(reserva ? ondeEQuando(reserva, idioma) : []),
        { rotulo: idioma.t('rotulos.reserva'), valor: dados.reservaId },
        { rotulo: idioma.t('rotulos.pagamento'), valor: dados.pagamentoId },
      ],
      fecho: idioma.t('estornoSolicitado.fecho'),
    };
  },
};
