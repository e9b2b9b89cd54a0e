import type { DadosPagamentoRecusado } from '../../domain/modelo.ts';
import { formatarHoraComFuso } from '../leiaute/formatos.ts';
import { COR } from '../leiaute/leiaute.ts';
import { acaoNaWeb, assuntoDe, ondeEQuando, previaDe } from '../leiaute/reserva.ts';
import type { Template } from '../leiaute/template.ts';

/** Says that a card was declined and until when another one can be tried. */
export const pagamentoRecusado: Template<DadosPagamentoRecusado> = {
  assunto: (dados) => assuntoDe('Pagamento recusado', dados),
  visao: (dados) => ({
    previa: previaDe(dados),
    selo: { texto: 'Pagamento recusado', cor: COR.alerta },
    cabecalho: 'Tente outro cartão',
    introducao: frase(dados),
    abertura: frase(dados),
    linhas: [...ondeEQuando(dados), { rotulo: 'Reserva', valor: dados.reservaId }],
    acao: acaoNaWeb('Tentar outro cartão', dados.checkoutUrl),
    fecho: `Para ver os detalhes, entre na plataforma e procure a reserva ${dados.reservaId}.`,
  }),
};

function frase({ expiraEm, fusoHorario }: DadosPagamentoRecusado): string {
  const ate = formatarHoraComFuso(new Date(expiraEm), fusoHorario);
  return `O cartão foi recusado e nada foi cobrado. Sua reserva continua guardada: tente outro cartão até ${ate}.`;
}
