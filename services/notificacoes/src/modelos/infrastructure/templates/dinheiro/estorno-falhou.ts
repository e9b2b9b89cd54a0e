import type { DadosEstornoFalhou } from '../../../domain/modelo.ts';
import { curtaDeDinheiro } from '../../leiaute/curto.ts';
import { COR } from '../../leiaute/leiaute.ts';
import { dinheiroDe, ondeEQuando } from '../../leiaute/reserva.ts';
import type { Template } from '../../leiaute/template.ts';

/** Says that money could not be given back, and that the customer need not ask for it. */
export const estornoFalhou: Template<DadosEstornoFalhou> = {
  assunto: ({ valorCentavos, moeda }, idioma) =>
    idioma.t('estornoFalhou.assunto', { valor: dinheiroDe(valorCentavos, moeda, idioma) }),
  curta: (dados, idioma) => curtaDeDinheiro('estornoFalhou', dados, idioma),
  visao(dados, idioma) {
    const valor = dinheiroDe(dados.valorCentavos, dados.moeda, idioma);
    const frase = idioma.t(`estornoFalhou.${oQueHouve(dados)}`, { valor });
    return {
      previa: frase,
      selo: { texto: idioma.t('estornoFalhou.selo'), cor: COR.alerta },
      cabecalho: idioma.t('estornoFalhou.cabecalho'),
      introducao: frase,
      abertura: frase,
      linhas: [
        { rotulo: idioma.t('rotulos.valor'), valor },
        ...(dados.reserva ? ondeEQuando(dados.reserva, idioma) : []),
        { rotulo: idioma.t('rotulos.reserva'), valor: dados.reservaId },
        { rotulo: idioma.t('rotulos.pagamento'), valor: dados.pagamentoId },
      ],
      fecho: dados.contestado
        ? idioma.t('procureAReserva', { reserva: dados.reservaId })
        : idioma.t('estornoFalhou.fecho'),
    };
  },
};

function oQueHouve({ contestado, devolvido }: DadosEstornoFalhou) {
  if (contestado) return 'contestado';
  return devolvido ? 'devolvido' : 'recusado';
}
