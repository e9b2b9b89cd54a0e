import type { DadosEstornoConcluido } from '../../../domain/modelo.ts';
import type { Idioma } from '../../idiomas/idioma.ts';
import { curtaDeDinheiro } from '../../leiaute/curto.ts';
import { COR } from '../../leiaute/leiaute.ts';
import { dinheiroDe, ondeEQuando } from '../../leiaute/reserva.ts';
import type { Template } from '../../leiaute/template.ts';

/** Says that money is back. */
export const estornoConcluido: Template<DadosEstornoConcluido> = {
  assunto: ({ valorCentavos, moeda }, idioma) =>
    idioma.t('estornoConcluido.assunto', { valor: dinheiroDe(valorCentavos, moeda, idioma) }),
  curta: (dados, idioma) => curtaDeDinheiro('estornoConcluido', dados, idioma),
  visao(dados, idioma) {
    const frase = fraseDe(dados, idioma);
    return {
      previa: frase,
      selo: { texto: idioma.t('estornoConcluido.selo'), cor: COR.boa },
      cabecalho: idioma.t('estornoConcluido.cabecalho'),
      introducao: frase,
      abertura: frase,
      linhas: [
        { rotulo: idioma.t('rotulos.valor'), valor: dinheiroDe(dados.valorCentavos, dados.moeda, idioma) },
        ...(dados.reserva ? ondeEQuando(dados.reserva, idioma) : []),
        { rotulo: idioma.t('rotulos.reserva'), valor: dados.reservaId },
        { rotulo: idioma.t('rotulos.pagamento'), valor: dados.pagamentoId },
      ],
      fecho: idioma.t(
        dados.emCreditos ? 'estornoConcluido.fechoEmCreditos' : 'estornoConcluido.fechoNoCartao',
      ),
    };
  },
};

function fraseDe(dados: DadosEstornoConcluido, idioma: Idioma): string {
  const { valorCentavos, creditosCentavos, moeda, excedente, emCreditos } = dados;
  const valor = dinheiroDe(valorCentavos, moeda, idioma);
  if (excedente) return idioma.t('estornoConcluido.excedente', { valor });
  if (emCreditos) return idioma.t('estornoConcluido.emCreditos', { valor });
  if (creditosCentavos === undefined) return idioma.t('estornoConcluido.noCartao', { valor });
  const noCartao = `${BigInt(valorCentavos) - BigInt(creditosCentavos)}`;
  return idioma.t('estornoConcluido.emPartes', {
    valor,
    creditos: dinheiroDe(creditosCentavos, moeda, idioma),
    cartao: dinheiroDe(noCartao, moeda, idioma),
  });
}
