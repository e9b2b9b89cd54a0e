import type { DadosEstornoConcluido } from '../../domain/modelo.ts';
import { COR } from '../leiaute/leiaute.ts';
import { dinheiroDe, ondeEQuando } from '../leiaute/reserva.ts';
import type { Template } from '../leiaute/template.ts';

/** Says that money is back. */
export const estornoConcluido: Template<DadosEstornoConcluido> = {
  assunto: (dados) => `Reembolso concluído: ${valor(dados)}`,
  visao: (dados) => ({
    previa: frase(dados),
    selo: { texto: '✓ Reembolso', cor: COR.boa },
    cabecalho: 'Reembolso concluído',
    introducao: frase(dados),
    abertura: frase(dados),
    linhas: [
      { rotulo: 'Valor', valor: valor(dados) },
      ...(dados.reserva ? ondeEQuando(dados.reserva) : []),
      { rotulo: 'Reserva', valor: dados.reservaId },
      { rotulo: 'Pagamento', valor: dados.pagamentoId },
    ],
    fecho: dados.emCreditos
      ? 'O crédito já pode ser usado e aparece no seu saldo.'
      : 'No cartão, o valor pode levar alguns dias para aparecer na fatura.',
  }),
};

const valor = ({ valorCentavos, moeda }: DadosEstornoConcluido) => dinheiroDe(valorCentavos, moeda);

const frase = (dados: DadosEstornoConcluido) =>
  dados.excedente
    ? `O cartão foi cobrado a mais, e devolvemos a diferença de ${valor(dados)}.`
    : dados.emCreditos
      ? `Devolvemos ${valor(dados)} como crédito para as suas próximas reservas.`
      : `Devolvemos ${valor(dados)} pela mesma forma do pagamento${asPartes(dados)}.`;

function asPartes({ valorCentavos, creditosCentavos, moeda }: DadosEstornoConcluido): string {
  if (creditosCentavos === undefined) return '';
  const noCartao = `${BigInt(valorCentavos) - BigInt(creditosCentavos)}`;
  return `: ${dinheiroDe(creditosCentavos, moeda)} como crédito e ${dinheiroDe(noCartao, moeda)} no cartão`;
}
