import type { DadosEstornoFalhou } from '../../domain/modelo.ts';
import { COR } from '../leiaute/leiaute.ts';
import { dinheiroDe, ondeEQuando } from '../leiaute/reserva.ts';
import type { Template } from '../leiaute/template.ts';

/** Says that money could not be given back, and that the customer need not ask for it. */
export const estornoFalhou: Template<DadosEstornoFalhou> = {
  assunto: (dados) => `Reembolso não concluído: ${valor(dados)}`,
  visao: (dados) => ({
    previa: frase(dados),
    selo: { texto: 'Reembolso', cor: COR.alerta },
    cabecalho: 'Reembolso não concluído',
    introducao: frase(dados),
    abertura: frase(dados),
    linhas: [
      { rotulo: 'Valor', valor: valor(dados) },
      ...(dados.reserva ? ondeEQuando(dados.reserva) : []),
      { rotulo: 'Reserva', valor: dados.reservaId },
      { rotulo: 'Pagamento', valor: dados.pagamentoId },
    ],
    fecho: dados.contestado
      ? `Para ver os detalhes, entre na plataforma e procure a reserva ${dados.reservaId}.`
      : 'O valor continua sendo seu: nossa equipe vai devolvê-lo de outro modo. Não é preciso fazer nada agora.',
  }),
};

const valor = ({ valorCentavos, moeda }: DadosEstornoFalhou) => dinheiroDe(valorCentavos, moeda);

const frase = (dados: DadosEstornoFalhou) =>
  dados.contestado
    ? `Não vamos devolver ${valor(dados)}: na contestação do pagamento, o seu banco já ficou com o valor para você.`
    : dados.devolvido
      ? `Avisamos que ${valor(dados)} tinham voltado para você, mas o banco nos devolveu o valor.`
      : `O banco não aceitou a devolução de ${valor(dados)} para o seu cartão.`;
