import type { DadosPagamentoAprovado } from '../../../domain/modelo.ts';
import { curtaDeDinheiro } from '../../leiaute/curto.ts';
import { COR } from '../../leiaute/leiaute.ts';
import { dinheiroDe, ondeEQuando } from '../../leiaute/reserva.ts';
import type { Template } from '../../leiaute/template.ts';

/** Says that money came, and that the confirmation of its reservation is late. In time, the confirmation says both. */
export const pagamentoAprovado: Template<DadosPagamentoAprovado> = {
  assunto: ({ valorCentavos, moeda }, idioma) =>
    idioma.t('pagamentoAprovado.assunto', { valor: dinheiroDe(valorCentavos, moeda, idioma) }),
  curta: (dados, idioma) => curtaDeDinheiro('pagamentoAprovado', dados, idioma),
  visao({ valorCentavos, moeda, reserva, reservaId, pagamentoId }, idioma) {
    const valor = dinheiroDe(valorCentavos, moeda, idioma);
    const frase = idioma.t('pagamentoAprovado.frase', { valor });
    return {
      previa: frase,
      selo: { texto: idioma.t('pagamentoAprovado.selo'), cor: COR.boa },
      cabecalho: idioma.t('pagamentoAprovado.cabecalho'),
      introducao: frase,
      abertura: frase,
      linhas: [
        { rotulo: idioma.t('rotulos.valorPago'), valor },
        ...(reserva ? ondeEQuando(reserva, idioma) : []),
        { rotulo: idioma.t('rotulos.reserva'), valor: reservaId },
        { rotulo: idioma.t('rotulos.pagamento'), valor: pagamentoId },
      ],
      fecho: idioma.t('pagamentoAprovado.fecho'),
    };
  },
};
